-- forget: drop a change that turned out to have nothing to write (SQLite).
-- takes: op_id
delete from entries where op_id = %(op_id)s
