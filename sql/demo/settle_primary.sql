-- settle_primary: where a run put back only some of a generation's rows, it is as its primary variant.
-- takes: generations
update public.generations
set
    location = variant.location, thumbnail_url = variant.thumbnail_url, params = variant.params,
    name = variant.name, primary_variant_id = variant.id
from public.generation_variants as variant
where
    generations.id = any (%(generations)s::uuid[]) and variant.generation_id = generations.id
    and variant.is_primary and generations.primary_variant_id is distinct from variant.id
