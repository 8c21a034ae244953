-- put: insert rows into a table as they were stored elsewhere.
-- takes: table_name, rows
select public.shotkit_put(%(table_name)s::text, %(rows)s::jsonb)
