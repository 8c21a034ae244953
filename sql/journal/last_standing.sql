-- last_standing: the newest change that stands; a shot's own changes where one is named (SQLite).
-- takes: database, identity, shot_id
select op_id
from entries
where database = %(database)s and identity = %(identity)s
    and undoes is null and undone_by is null and wrote
    and (%(shot_id)s is null or (kind = 'shot' and shot_id = %(shot_id)s))
order by number desc
limit 1
