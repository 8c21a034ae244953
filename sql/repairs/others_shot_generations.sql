-- others_shot_generations: how many links there are, and a hash of their versions: no repair writes any.
--
-- ctid and xmin change with every write of a row, even with one that leaves it as it was; its columns need no reading.
select
    count(*) as counted,
    md5(concat_ws('/', count(*), sum(hashtextextended(version, 0)), sum(hashtextextended(version, 1)))) as hash
from (select concat_ws('/', id, ctid, xmin) as version from public.shot_generations) as other
