-- lock_variants: lock the variants of these generations in id order, behind the generations.
-- takes: generation_ids
select id::text as variant_id
from public.generation_variants
where generation_id = any(%(generation_ids)s::uuid[])
order by id
for no key update
