-- heal: write what these generations' links say of a shot into their shot_data, NULL for no entry.
-- takes: shot_id, generation_ids, frames
--
-- Where no list stands anywhere, one frame a shot is the rule: the first list would be a shape of its own.
with shapes as not materialized (
    select jsonb_typeof(entry.value) as shape
    from public.generations as g
    cross join lateral jsonb_each(case jsonb_typeof(g.shot_data) when 'object' then g.shot_data else '{}' end) as entry
),

rule as (
    select
        exists (select from shapes where shape in ('number', 'null'))
        and not exists (select from shapes where shape = 'array') as scalars
)

update public.generations as g
set shot_data = case
    when expected.frames is null then g.shot_data - %(shot_id)s::text
    else
        case jsonb_typeof(g.shot_data) when 'object' then g.shot_data else '{}' end
        || jsonb_build_object(
            %(shot_id)s::text,
            case when rule.scalars and jsonb_typeof(expected.frames) = 'array' then expected.frames -> 0 else expected.frames end
        )
end
from unnest(%(generation_ids)s::uuid[], %(frames)s::jsonb[]) as expected (id, frames)
cross join rule
where g.id = expected.id
