-- one_primary_variant: where none of a generation's variants is primary, the one to be it, and what its generation shows then.
-- takes: generation_ids
--
-- It is the one that the generation still points at, else the one that it still shows, else the newest, which is also
-- what follows a primary that is deleted. Of several none is chosen.
with counted as (
    select v.generation_id, count(*) filter (where v.is_primary) as primaries
    from public.generation_variants as v
    where v.generation_id = any(%(generation_ids)s::uuid[])
    group by v.generation_id
),

chosen as (
    select distinct on (c.generation_id) c.generation_id, c.primaries, v.id as variant_id
    from counted as c
    inner join public.generations as g on g.id = c.generation_id
    inner join public.generation_variants as v on v.generation_id = c.generation_id
    where c.primaries <> 1
    order by
        c.generation_id,
        coalesce(v.id = g.primary_variant_id, false) desc,
        coalesce(split_part(v.location, '?', 1) = split_part(g.location, '?', 1), false) desc,
        v.created_at desc,
        v.id desc
)

select
    g.id::text as generation_id,
    g.id::text as key,
    c.primaries::text as found_stored,
    '1' as found_expected,
    cell.table_name,
    cell.id::text as id,
    cell.column_name,
    cell.stored,
    cell.expected,
    case
        when c.primaries > 1 then 'several variants are primary and nothing tells which was meant; `make_primary` one of them'
    end as refused
from chosen as c
inner join public.generations as g on g.id = c.generation_id
inner join public.generation_variants as v on v.id = c.variant_id
cross join lateral (
    values
    ('generation_variants', v.id, 'is_primary', v.is_primary::text, 'true'),
    ('generations', g.id, 'primary_variant_id', g.primary_variant_id::text, v.id::text),
    ('generations', g.id, 'location', g.location, v.location),
    ('generations', g.id, 'thumbnail_url', g.thumbnail_url, v.thumbnail_url),
    ('generations', g.id, 'name', g.name, v.name),
    ('generations', g.id, 'params', g.params::text, v.params::text)
) as cell (table_name, id, column_name, stored, expected)
where c.primaries > 1 or cell.stored is distinct from cell.expected
order by g.id, cell.table_name, cell.column_name
