-- lock_generations: lock these generations in id order, so that none is rebuilt from links that are being changed.
-- takes: generation_ids
select id::text as generation_id
from public.generations
where id = any(%(generation_ids)s::uuid[])
order by id
for no key update
