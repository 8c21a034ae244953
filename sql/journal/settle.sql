-- settle: note what became of a change, or what was found out about one that is 'unknown' (SQLite).
-- takes: op_id, status, wrote, reason, undo, found_out
update entries
set status = %(status)s, wrote = %(wrote)s, reason = %(reason)s, undo = %(undo)s
where op_id = %(op_id)s and (status = 'unknown' or not %(found_out)s)
returning undoes
