-- whole_variant: a variant as stored with every column.
-- takes: variant_id
select to_jsonb(v)::text as row from public.generation_variants as v where v.id = %(variant_id)s::uuid
