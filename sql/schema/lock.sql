-- lock: hold off every other `db push` until this transaction ends.
select pg_advisory_xact_lock(hashtext('shotkit.migrations'));
