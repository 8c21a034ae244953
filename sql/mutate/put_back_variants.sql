-- put_back_variants: insert variants as they were.
-- takes: rows
insert into public.generation_variants
select v.* from jsonb_populate_recordset(null::public.generation_variants, %(rows)s::jsonb) as v
