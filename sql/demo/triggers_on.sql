-- triggers_on: triggers and foreign keys act again in this transaction.
set local session_replication_role = origin
