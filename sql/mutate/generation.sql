-- generation: what a generation shows of its variants.
-- takes: generation_id
select
    g.id::text as id,
    g.project_id::text as project_id,
    g.location,
    g.primary_variant_id::text as primary_variant_id,
    array(
        select v.id::text || ' ' || v.xmin::text from public.generation_variants as v
        where v.generation_id = g.id order by v.id
    ) as versions
from public.generations as g
where g.id = %(generation_id)s::uuid
