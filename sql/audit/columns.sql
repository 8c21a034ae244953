-- columns: the columns of the public tables and whether this user may read them, to know which audits can run.
select
    c.relname as table_name,
    a.attname as column_name,
    has_column_privilege(c.oid, a.attnum, 'select') as may_read
from pg_catalog.pg_attribute as a
join pg_catalog.pg_class as c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'v', 'm', 'f')
where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'public')
    and a.attnum > 0 and not a.attisdropped
