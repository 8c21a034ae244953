-- supabase_applied: the migrations that Supabase has applied here; fails where it keeps no list.
--
-- Older lists have no name: the bare name then means that of era.
select m.version, named.name
from (select null::text as name) as era
cross join supabase_migrations.schema_migrations as m
cross join lateral (select name from supabase_migrations.schema_migrations as same where same.version = m.version) as named
order by m.version
