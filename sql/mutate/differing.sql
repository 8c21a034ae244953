-- differing: those of these generations whose shot_data says otherwise of a shot than their links, and what they say.
-- takes: shot_id, generation_ids, link_ids
-- prepared: planned once a session, as somebody waits for it
--
-- Of these generations, and of those of these links.
--
-- One shot's entries alone: its links are all visible to whoever may change them, other shots' may not be. Where a
-- scalar stands, one frame a shot was the rule; it agrees if it is any of the frames.
with cells as (
    select
        g.id,
        case jsonb_typeof(g.shot_data) when 'object' then g.shot_data -> %(shot_id)s::text end as cell,
        jsonb_agg(l.timeline_frame order by l.timeline_frame nulls last) filter (where l.id is not null) as frames
    from public.generations as g
    left join public.shot_generations as l on l.generation_id = g.id and l.shot_id = %(shot_id)s::uuid
    where g.id = any(%(generation_ids)s::uuid[] || array(
        select moved.generation_id from public.shot_generations as moved where moved.id = any(%(link_ids)s::uuid[])
    ))
    group by g.id
)

select
    id::text as id,
    case when jsonb_typeof(cell) in ('number', 'null') then frames -> 0 else frames end::text as frames
from cells
where cell is distinct from frames
    and not coalesce(jsonb_typeof(cell) in ('number', 'null') and frames @> cell, false)
order by cells.id
