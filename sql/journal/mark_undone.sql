-- mark_undone: note by which change another is undone, NULL where it stands; returns what that one had undone (SQLite).
-- takes: op_id, undone_by
update entries set undone_by = %(undone_by)s where op_id = %(op_id)s returning undoes
