-- shot_outcome: what became of a new shot whose answer was lost; run after lock_project, which waits for its end.
-- takes: op_id, xid
--
-- One that was committed and deleted since is found by the transaction's number; see also given_anew.
select
    exists (select from public.shots where id = %(op_id)s::uuid) as found,
    false as untouched,
    case
        when %(xid)s::xid8 < pg_snapshot_xmax(pg_current_snapshot()) then pg_xact_status(%(xid)s::xid8)
        else 'aborted'
    end as status
