-- variant: a variant as stored, its thumbnail as it stands, and whether its params are those asked for.
-- takes: variant_id, params
select
    v.thumbnail_url,
    v.variant_type,
    v.params::text as params,
    v.params is not distinct from %(params)s::jsonb as kept
from public.generation_variants as v
where v.id = %(variant_id)s::uuid
