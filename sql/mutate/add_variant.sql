-- add_variant: add a variant, whose id is the operation's, to a generation.
-- takes: generation_id, op_id, location, thumbnail_url, params, variant_type, name, is_primary
insert into public.generation_variants
    (id, generation_id, project_id, location, thumbnail_url, params, variant_type, name, is_primary)
select
    %(op_id)s::uuid,
    g.id,
    g.project_id,
    %(location)s,
    %(thumbnail_url)s,
    %(params)s::jsonb,
    %(variant_type)s,
    %(name)s,
    %(is_primary)s
from public.generations as g
where g.id = %(generation_id)s::uuid
