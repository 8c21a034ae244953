-- copy_links: put these links, which are locked, into another shot under new ids; returns what is now stored.
-- takes: shot_id, ids, new_ids
--
-- created_at too: links without a frame go by age.
with originals as (
    select asked.new_id, l.generation_id, l.timeline_frame, l.metadata, l.created_at
    from unnest(%(ids)s::uuid[], %(new_ids)s::uuid[]) as asked (id, new_id)
    inner join public.shot_generations as l on l.id = asked.id
),

copied as (
    insert into public.shot_generations (id, shot_id, generation_id, timeline_frame, metadata, created_at)
    select new_id, %(shot_id)s::uuid, generation_id, timeline_frame, metadata, created_at from originals
    returning *
)

select
    c.id::text as id,
    c.timeline_frame,
    (c.generation_id, c.metadata, c.created_at)
    is not distinct from (o.generation_id, o.metadata, o.created_at) as kept
from copied as c
inner join originals as o on o.new_id = c.id
