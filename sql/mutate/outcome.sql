-- outcome: what became of a write to a shot whose answer was lost; run after lock_shot, which waits for its end.
-- takes: op_id, xid, ids, versions
--
-- A transaction that a crash lost from the log may have its number given anew, so that its status is another's.
-- It was not kept where a link that it wrote still stands in its old version; see also given_anew.
select
    exists (
        select from public.shot_generations
        where id = %(op_id)s::uuid
            or (id = any(%(ids)s::uuid[]) and metadata ->> 'drag_session_id' = %(op_id)s::text)
    ) as found,
    exists (
        select from unnest(%(ids)s::uuid[], %(versions)s::text[]) as old (id, version)
        inner join public.shot_generations as l on l.id = old.id and l.xmin::text = old.version
    ) as untouched,
    case
        when %(xid)s::xid8 < pg_snapshot_xmax(pg_current_snapshot()) then pg_xact_status(%(xid)s::xid8)
        else 'aborted'
    end as status
