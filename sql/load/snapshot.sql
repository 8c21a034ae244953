-- snapshot: which transactions the rows read with it show.
select pg_current_snapshot()::text as snapshot
