-- snapshot: what can be seen now, as text.
select pg_current_snapshot()::text as snapshot
