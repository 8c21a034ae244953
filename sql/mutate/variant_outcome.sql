-- variant_outcome: what became of a write to variants whose answer was lost; run after lock_generation.
-- takes: generation_id, op_id, xid, versions
--
-- A transaction that a crash lost from the log may have its number given anew, so that its status is another's.
-- It was not kept where all variants stand in the versions that they had before; see also given_anew.
select
    exists (select from public.generation_variants where id = %(op_id)s::uuid) as found,
    array(
        select v.id::text || ' ' || v.xmin::text from public.generation_variants as v
        where v.generation_id = %(generation_id)s::uuid order by v.id
    ) = %(versions)s::text[] as untouched,
    case
        when %(xid)s::xid8 < pg_snapshot_xmax(pg_current_snapshot()) then pg_xact_status(%(xid)s::xid8)
        else 'aborted'
    end as status
