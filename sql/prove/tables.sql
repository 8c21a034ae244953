-- tables: those of the tables that are written to which are there.
select c.relname::text as name
from pg_catalog.pg_class as c
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    and c.relname in ('users', 'projects', 'shots', 'shot_generations', 'generations')
order by name
