-- columns: the columns that these tables of public have, whoever may read them.
-- takes: tables
select class.relname as name, a.attname as column_name
from pg_catalog.pg_class as class
inner join pg_catalog.pg_attribute as a on a.attrelid = class.oid and a.attnum > 0 and not a.attisdropped
where class.relnamespace = to_regnamespace('public') and class.relname = any(%(tables)s::text[])
