-- given_anew: whether a crash lost a transaction that began at `began`, so that another has its number; NULL: cannot be told.
-- takes: xid, began
--
-- A recovery starts the server's statistics anew and ends with a checkpoint, which notes the first number that is to be
-- given after it. Only such a checkpoint, or a shutdown's, begins where it stands in the log; a later one, or the
-- shutdown of a server that ran in between, notes a number of its own. A number below it was known to the log when the
-- last crash came, be it that a crash before that one had already lost it and it was another's by then: none can tell.
select case
    when s.stats_reset <= %(began)s::timestamptz then false
    when s.stats_reset is null or c.checkpoint_lsn <> c.redo_lsn
        or c.checkpoint_time < date_trunc('second', %(began)s::timestamptz) then null
    when %(xid)s::numeric >= split_part(c.next_xid, ':', 1)::numeric * 4294967296 + split_part(c.next_xid, ':', 2)::numeric
        then true
end as given_anew
from pg_stat_bgwriter as s
cross join pg_control_checkpoint() as c
