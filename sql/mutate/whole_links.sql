-- whole_links: links as stored with every column, and the generations whose pair begins at them.
-- takes: ids
-- Older schemas have no pair_shot_generation_id: the bare name then means that of era.
select
    l.id::text as id,
    to_jsonb(l)::text as row,
    array(
        select g.id::text from public.generations as g where pair_shot_generation_id = l.id order by g.id
    ) as pairs
from (select null::uuid as pair_shot_generation_id) as era
cross join public.shot_generations as l
where l.id = any(%(ids)s::uuid[])
order by l.id
