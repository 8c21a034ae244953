-- versions_written: how many row versions this transaction has written so far, by table; triggers' writes count.
select schemaname || '.' || relname as table_name, n_tup_ins + n_tup_upd + n_tup_del as written
from pg_catalog.pg_stat_xact_user_tables
where n_tup_ins + n_tup_upd + n_tup_del > 0
order by 1
