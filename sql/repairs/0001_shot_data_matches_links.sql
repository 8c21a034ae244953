-- shot_data_matches_links: those of these generations whose shot_data is not what their links say, and what they say.
-- takes: generation_ids
--
-- jsonb against jsonb: 50.0 equals 50, the order of keys is none, and {} equals NULL; what is equal is not written.
with wanted as (
    select unnest(%(generation_ids)s::uuid[]) as generation_id
),

frames as (
    select l.generation_id, l.shot_id, jsonb_agg(l.timeline_frame order by l.timeline_frame nulls last) as frames
    from public.shot_generations as l
    where l.generation_id = any(%(generation_ids)s::uuid[])
    group by l.generation_id, l.shot_id
),

rebuilt as (
    select w.generation_id, coalesce(jsonb_object_agg(f.shot_id, f.frames) filter (where f.shot_id is not null), '{}') as document
    from wanted as w
    left join frames as f on f.generation_id = w.generation_id
    group by w.generation_id
)

select g.id::text as generation_id, g.shot_data::text as stored, r.document::text as expected
from rebuilt as r
join public.generations as g on g.id = r.generation_id
where coalesce(g.shot_data, '{}') is distinct from r.document
order by g.id
