-- triggers_off: for this transaction, all rows are planned, so no trigger shall add to them.
set local session_replication_role = replica
