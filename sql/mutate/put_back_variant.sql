-- put_back_variant: insert a variant as it was; the server's triggers let another primary one step back.
-- takes: row
insert into public.generation_variants
select (jsonb_populate_record(null::public.generation_variants, %(row)s::jsonb)).*
