-- uploaded: what is stored of uploaded generations, and whether each shows its one variant, the original.
-- takes: generation_ids
select
    g.id::text as id,
    g.project_id::text as project_id,
    g.type,
    g.location,
    g.thumbnail_url,
    g.name,
    array(
        select row(v.id, v.location, v.thumbnail_url, v.params, v.is_primary, v.variant_type)
        from public.generation_variants as v where v.generation_id = g.id
    ) = array[row(g.primary_variant_id, g.location, g.thumbnail_url, g.params, true, 'original'::text)] as is_shown
from public.generations as g
where g.id = any(%(generation_ids)s::uuid[])
