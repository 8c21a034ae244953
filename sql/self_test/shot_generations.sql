-- shot_generations: the links of these projects' generations, and of their shots, as stored.
-- takes: project_ids
select to_jsonb(l)::text as row
from public.shot_generations as l
where l.generation_id in (select id from public.generations where project_id = any(%(project_ids)s::uuid[]))
order by l.id
