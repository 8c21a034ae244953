-- faults_0073_missing: no index is left that allows a generation one primary variant.
-- key: generation_variants/generation_id
do $$
declare
    found regclass;
begin
    for found in
        select i.indexrelid::regclass
        from pg_catalog.pg_index as i
        where i.indrelid = 'public.generation_variants'::regclass and i.indisunique and i.indpred is not null
    loop
        execute format('drop index %%s', found);
    end loop;
end
$$
