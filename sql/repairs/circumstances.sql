-- circumstances: are lists the rule in shot_data, and of which tables may row level security hide rows from this user?
select
    r.arrays,
    array(
        select c.relname::text
        from pg_catalog.pg_class as c
        where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'public')
            and c.relname in ('generation_variants', 'shot_generations')
            and row_security_active(c.oid)
    ) as hidden
from rule as r
