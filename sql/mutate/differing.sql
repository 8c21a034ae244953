-- differing: those of these generations whose shot_data says otherwise of a shot than their links, and what they say.
-- takes: shot_id, generation_ids
--
-- One shot's entries alone: its links are all visible to whoever may change them, other shots' may not be. Where a
-- scalar stands, one frame a shot was the rule; it agrees if it is any of the frames.
with expected as (
    select
        w.generation_id,
        jsonb_agg(l.timeline_frame order by l.timeline_frame nulls last) filter (where l.id is not null) as frames
    from unnest(%(generation_ids)s::uuid[]) as w (generation_id)
    left join public.shot_generations as l
        on l.generation_id = w.generation_id and l.shot_id = %(shot_id)s::uuid
    group by w.generation_id
),

cells as (
    select
        g.id,
        e.frames,
        c.cell,
        coalesce(jsonb_typeof(c.cell) in ('number', 'null'), false) as is_scalar
    from expected as e
    inner join public.generations as g on g.id = e.generation_id
    cross join lateral (
        select case jsonb_typeof(g.shot_data) when 'object' then g.shot_data -> %(shot_id)s::text end as cell
    ) as c
)

select id::text as id, case when is_scalar then frames -> 0 else frames end::text as frames
from cells
where cell is distinct from frames and not (is_scalar and coalesce(frames @> cell, false))
order by id
