-- triggers: the triggers on the tables that are written to, and whether their functions are of the schema public.
select concat(c.relname, '.', t.tgname) as name, n.nspname = 'public' as is_own
from pg_catalog.pg_trigger as t
inner join pg_catalog.pg_class as c on c.oid = t.tgrelid
inner join pg_catalog.pg_proc as p on p.oid = t.tgfoid
inner join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
where not t.tgisinternal
    and c.relnamespace = 'public'::regnamespace
    and c.relname in ('shots', 'shot_generations', 'generations')
order by name
