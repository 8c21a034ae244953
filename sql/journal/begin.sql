-- begin: note a change that is about to be sent (SQLite).
-- takes: op_id, at, database, identity, kind, project_id, shot_id, generation_id, place, label, code, is_complete, undoes
insert into entries (
    op_id, at, database, identity, kind, project_id, shot_id, generation_id,
    place, label, code, is_complete, undoes, status
)
values (
    %(op_id)s, %(at)s, %(database)s, %(identity)s, %(kind)s, %(project_id)s, %(shot_id)s, %(generation_id)s,
    %(place)s, %(label)s, %(code)s, %(is_complete)s, %(undoes)s, 'unknown'
)
