-- snapshot: which transactions the rows read with it show.
-- prepared: it never changes
select pg_current_snapshot()::text as snapshot
