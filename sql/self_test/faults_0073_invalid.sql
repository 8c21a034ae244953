-- faults_0073_invalid: an index that allows one primary variant is there, and none that the server uses.
-- key: generation_variants/generation_id
-- by: superuser
create unique index shotkit_invalid on public.generation_variants (generation_id) where is_primary and false;
update pg_catalog.pg_index as i
set indisvalid = false
where i.indrelid = 'public.generation_variants'::regclass and i.indisunique and i.indpred is not null
