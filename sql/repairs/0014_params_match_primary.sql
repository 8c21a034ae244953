-- params_match_primary: where a generation's params are not its primary variant's, and what these are.
-- takes: generation_ids
with sole as (
    select v.generation_id, (array_agg(v.id))[1] as id
    from public.generation_variants as v
    where v.is_primary and v.generation_id = any(%(generation_ids)s::uuid[])
    group by v.generation_id
    having count(*) = 1
)

select
    g.id::text as generation_id,
    g.id::text as key,
    null as found_stored,
    null as found_expected,
    'generations' as table_name,
    g.id::text as id,
    'params' as column_name,
    g.params::text as stored,
    v.params::text as expected,
    null as refused
from sole as s
inner join public.generations as g on g.id = s.generation_id
inner join public.generation_variants as v on v.id = s.id
where g.params is distinct from v.params
order by g.id
