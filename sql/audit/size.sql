-- size: about how many rows the tables of the audits have, and which session of the server this is.
select
    (
        select coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint
        from pg_catalog.pg_class as c
        inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = 'public'
        where c.relname in ('shot_generations', 'generations', 'generation_variants', 'tasks', 'credits_ledger')
    ) as about_rows,
    pg_backend_pid() as session_pid
