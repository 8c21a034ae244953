-- columns: the columns of the core tables, whether this user may read them, and whether rows may be hidden from him.
select
    c.relname::text as table_name,
    a.attname::text as column_name,
    format_type(a.atttypid, a.atttypmod) as type,
    format_type(coalesce(nullif(t.typbasetype, 0), a.atttypid), null) as base,
    has_column_privilege(c.oid, a.attnum, 'select') as may_read,
    row_security_active(c.oid) as is_partial,
    -- Rows are counted by analyze; before it ran, the size of the table tells.
    greatest(c.reltuples::bigint, pg_relation_size(c.oid) / 200, 0) as about_rows
from pg_catalog.pg_attribute as a
inner join pg_catalog.pg_class as c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'v', 'm', 'f')
inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = 'public'
inner join pg_catalog.pg_type as t on t.oid = a.atttypid
where a.attnum > 0 and not a.attisdropped
    and c.relname in (
        'users', 'projects', 'shots', 'shot_generations', 'generations', 'generation_variants', 'tasks', 'credits_ledger'
    )
order by c.relname, a.attnum
