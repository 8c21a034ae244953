-- links: the links of a project's shots or of all, shot by shot.
-- takes: project_id
select
    l.id::text as id,
    l.shot_id::text as shot_id,
    l.generation_id::text as generation_id,
    l.timeline_frame,
    l.metadata::text as metadata,
    l.updated_at
from public.shot_generations as l
where %(project_id)s::uuid is null
    or l.shot_id in (select s.id from public.shots as s where s.project_id = %(project_id)s::uuid)
order by l.shot_id, l.timeline_frame nulls last, l.created_at, l.id
