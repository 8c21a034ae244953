-- last_undone: the newest undo that stands, if no change of another kind came after it (SQLite).
-- takes: database, identity, shot_id
with scope as (
    select number, op_id, undoes, undone_by
    from entries
    where database = %(database)s and identity = %(identity)s and wrote
        and (%(shot_id)s is null or (kind = 'shot' and shot_id = %(shot_id)s))
)

select undo.op_id
from scope as undone
inner join scope as undo on undo.op_id = undone.undone_by
where undone.undoes is null
    and not exists (select 1 from scope as fresh where fresh.undoes is null and fresh.number > undo.number)
order by undo.number desc
limit 1
