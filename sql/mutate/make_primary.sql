-- make_primary: make a variant the primary one of its generation; the server's triggers let the other step back.
-- takes: generation_id, variant_id
update public.generation_variants
set is_primary = true
where id = %(variant_id)s::uuid and generation_id = %(generation_id)s::uuid and not is_primary
