-- view_variant_at: set when a variant was first viewed, NULL for never.
-- takes: generation_id, variant_id, viewed_at
update public.generation_variants
set viewed_at = %(viewed_at)s::timestamptz
where id = %(variant_id)s::uuid and generation_id = %(generation_id)s::uuid
