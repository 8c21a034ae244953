-- last_undoable: the newest change that stands and can be taken back; a shot's own changes where one is named (SQLite).
-- takes: database, identity, shot_id, withheld
select op_id
from entries
where database = %(database)s and identity = %(identity)s
    and undoes is null and undone_by is null and wrote
    and (undo is not null or op_id in (select value from json_each(%(withheld)s)))
    and (%(shot_id)s is null or (kind = 'shot' and shot_id = %(shot_id)s))
order by number desc
limit 1
