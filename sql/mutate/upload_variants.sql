-- upload_variants: give each of these new generations its original, primary variant, where no trigger has done so.
-- takes: generation_ids
insert into public.generation_variants
    (generation_id, project_id, location, thumbnail_url, params, is_primary, variant_type, name)
select g.id, g.project_id, g.location, g.thumbnail_url, g.params, true, 'original', g.name
from public.generations as g
where g.id = any(%(generation_ids)s::uuid[])
    and not exists (select from public.generation_variants as v where v.generation_id = g.id)
