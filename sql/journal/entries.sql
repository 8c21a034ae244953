-- entries: the changes noted, oldest first, NULL for any (SQLite).
-- takes: op_id, database, identity, shot_id, status
select
    op_id, at, database, identity, kind, project_id, shot_id, generation_id, place, label, code, is_complete,
    status, wrote, reason, undoes, undone_by
from entries
where (op_id = %(op_id)s or %(op_id)s is null)
    and (database = %(database)s or %(database)s is null)
    and (identity = %(identity)s or %(identity)s is null)
    and (shot_id = %(shot_id)s or %(shot_id)s is null)
    and (status = %(status)s or %(status)s is null)
order by number
