-- export_snapshot: the name by which other sessions see what this transaction sees, as long as it is open.
select pg_export_snapshot() as snapshot
