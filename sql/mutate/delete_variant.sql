-- delete_variant: delete a variant of a generation; the server's triggers promote another in its place.
-- takes: generation_id, variant_id
delete from public.generation_variants
where id = %(variant_id)s::uuid and generation_id = %(generation_id)s::uuid
