-- generation_shows_primary: where a generation's location, thumbnail_url or name is not its primary variant's, and what is.
-- takes: generation_ids
--
-- An address counts up to its first '?', and is written whole.
with sole as (
    select v.generation_id, (array_agg(v.id))[1] as id
    from public.generation_variants as v
    where v.is_primary and v.generation_id = any(%(generation_ids)s::uuid[])
    group by v.generation_id
    having count(*) = 1
)

select
    g.id::text as generation_id,
    concat(g.id, '/', cell.column_name) as key,
    cell.found_stored,
    cell.found_expected,
    'generations' as table_name,
    g.id::text as id,
    cell.column_name,
    cell.stored,
    cell.expected,
    null as refused
from sole as s
inner join public.generations as g on g.id = s.generation_id
inner join public.generation_variants as v on v.id = s.id
cross join lateral (
    values
    ('location', g.location, v.location, split_part(g.location, '?', 1), split_part(v.location, '?', 1)),
    (
        'thumbnail_url', g.thumbnail_url, v.thumbnail_url,
        split_part(g.thumbnail_url, '?', 1), split_part(v.thumbnail_url, '?', 1)
    ),
    ('name', g.name, v.name, g.name, v.name)
) as cell (column_name, stored, expected, found_stored, found_expected)
where cell.found_stored is distinct from cell.found_expected
order by g.id, cell.column_name
