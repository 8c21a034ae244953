-- faults_0072_missing: no index on shot_data is left.
-- key: generations/shot_data
do $$
declare
    found regclass;
begin
    for found in
        select i.indexrelid::regclass
        from pg_catalog.pg_index as i
        inner join pg_catalog.pg_class as c on c.oid = i.indexrelid
        inner join pg_catalog.pg_am as m on m.oid = c.relam
        where i.indrelid = 'public.generations'::regclass and m.amname = 'gin'
    loop
        execute format('drop index %%s', found);
    end loop;
end
$$
