-- waiting: how many sessions of this database wait for another one.
select count(*) as sessions
from pg_catalog.pg_stat_activity as a
where a.datname = current_database() and cardinality(pg_catalog.pg_blocking_pids(a.pid)) > 0
