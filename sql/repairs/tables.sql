-- tables: which of the tables that a repair may touch are there.
select relname::text as table_name
from pg_catalog.pg_class
where relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'public')
    and relname in ('generations', 'generation_variants', 'shot_generations')
order by relname
