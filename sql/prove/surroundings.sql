-- surroundings: what the schema public leans on outside of itself: the roles of its policies, the extensions.
select 'role' as kind, r.rolname::text as name, null as home
from pg_catalog.pg_roles as r
where exists (
    select from pg_catalog.pg_policy as p
    inner join pg_catalog.pg_class as c on c.oid = p.polrelid
    where c.relnamespace = 'public'::regnamespace and r.oid = any(p.polroles)
)
union all
select 'extension', e.extname::text, n.nspname::text
from pg_catalog.pg_extension as e
inner join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
order by kind, name
