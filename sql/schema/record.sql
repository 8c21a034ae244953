-- record: a migration that was just applied, in the transaction that applied it.
-- takes: number, name, checksum
insert into shotkit.migrations (number, name, checksum)
values (%(number)s, %(name)s, %(checksum)s)
returning applied_at;
