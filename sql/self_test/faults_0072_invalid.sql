-- faults_0072_invalid: an index on shot_data is there, and none that the server uses.
-- key: generations/shot_data
-- by: superuser
create index shotkit_invalid on public.generations using gin (shot_data);
update pg_catalog.pg_index as i
set indisvalid = false
from pg_catalog.pg_class as c
inner join pg_catalog.pg_am as m on m.oid = c.relam
where c.oid = i.indexrelid and i.indrelid = 'public.generations'::regclass and m.amname = 'gin'
