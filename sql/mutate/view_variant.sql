-- view_variant: note that a variant was viewed; the first time counts.
-- takes: generation_id, variant_id
update public.generation_variants
set viewed_at = coalesce(viewed_at, clock_timestamp())
where id = %(variant_id)s::uuid and generation_id = %(generation_id)s::uuid
