-- primary_variant_id_is_primary: where a generation's primary_variant_id is not its primary variant, and which is.
-- takes: generation_ids
with own as (
    select
        g.id,
        g.primary_variant_id as stored,
        count(v.id) as variants,
        count(v.id) filter (where v.is_primary) as primaries,
        case
            when count(v.id) filter (where v.is_primary) = 1 then (array_agg(v.id) filter (where v.is_primary))[1]
        end as expected,
        coalesce(bool_or(v.id = g.primary_variant_id), false) as points_at_own
    from public.generations as g
    left join public.generation_variants as v on v.generation_id = g.id
    where g.id = any(%(generation_ids)s::uuid[])
    group by g.id
)

select
    o.id::text as generation_id,
    o.id::text as key,
    o.stored::text as found_stored,
    o.expected::text as found_expected,
    'generations' as table_name,
    o.id::text as id,
    'primary_variant_id' as column_name,
    o.stored::text as stored,
    o.expected::text as expected,
    case
        when o.variants > 0 and o.primaries <> 1 then 'it has no single primary variant; repair 0011 first'
    end as refused
from own as o
where (o.stored is null and o.expected is not null)
    or (o.stored is not null and not o.points_at_own)
    or o.stored <> o.expected
order by o.id
