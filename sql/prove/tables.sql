-- tables: those of these tables which are there.
-- takes: names
select c.relname::text as name
from pg_catalog.pg_class as c
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname = any(%(names)s::text[])
