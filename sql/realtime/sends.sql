-- sends: whether triggers tell of every write to links, variants and shots by NOTIFY, as shotkit's schema does.
select count(*) = 3 as sends
from (
    select t.tgrelid
    from pg_catalog.pg_trigger as t
    join pg_catalog.pg_class as c on c.oid = t.tgrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    join pg_catalog.pg_proc as f on f.oid = t.tgfoid
    where n.nspname = 'public' and t.tgenabled in ('O', 'A')
        and (c.relname, f.proname) in (
            ('shot_generations', 'notify_changed_shots'),
            ('generation_variants', 'notify_changed_variants'),
            ('shots', 'notify_changed_shot_rows')
        )
    group by t.tgrelid
    -- Insert, delete and update, in the bits of pg_trigger.tgtype.
    having bit_or(t.tgtype)::integer & 28 = 28
) as telling
