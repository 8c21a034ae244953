-- links: the links of a project's shots or of all, in no order: sorting them here costs as much as reading them.
-- takes: project_id
-- ids: as 16 bytes, which the client spells in less time than the server.
select
    l.id::uuid as id,
    l.shot_id::uuid as shot_id,
    l.generation_id::uuid as generation_id,
    l.timeline_frame,
    l.metadata::text as metadata,
    l.updated_at,
    l.created_at
from public.shot_generations as l
where %(project_id)s::uuid is null
    or l.shot_id in (select s.id from public.shots as s where s.project_id = %(project_id)s::uuid)
