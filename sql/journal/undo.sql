-- undo: what takes a change back (SQLite).
-- takes: op_id
select undo from entries where op_id = %(op_id)s
