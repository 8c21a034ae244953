-- rows_of_shot: what a caller may see of a shot, its links, and these generations with their variants, by id.
-- takes: shot_id, generation_ids
select 'shots' as kind, s.id::text as id from public.shots as s where s.id = %(shot_id)s::uuid
union all
select 'links', l.id::text from public.shot_generations as l where l.shot_id = %(shot_id)s::uuid
union all
select 'generations', g.id::text from public.generations as g where g.id = any(%(generation_ids)s::uuid[])
union all
select 'variants', v.id::text
from public.generation_variants as v
where v.generation_id = any(%(generation_ids)s::uuid[])
