-- star_variant: set or clear a variant's star.
-- takes: generation_id, variant_id, starred
update public.generation_variants
set starred = %(starred)s
where id = %(variant_id)s::uuid and generation_id = %(generation_id)s::uuid
