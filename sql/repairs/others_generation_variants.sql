-- others_generation_variants: how many rows of generation_variants are not of these generations, and a hash of their versions.
-- takes: generation_ids
--
-- ctid and xmin change with every write of a row, even with one that leaves it as it was; its columns need no reading.
select
    count(*) as counted,
    md5(concat_ws('/', count(*), sum(hashtextextended(version, 0)), sum(hashtextextended(version, 1)))) as hash
from (
    select concat_ws('/', r.id, r.ctid, r.xmin) as version
    from public.generation_variants as r
    left join unnest(%(generation_ids)s::uuid[]) as scope (id) on scope.id = r.generation_id
    where scope.id is null
) as other
