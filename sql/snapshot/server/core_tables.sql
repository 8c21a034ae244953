-- core_tables: the core tables and whether row level security is on.
select table_name, is_secured from core_tables
