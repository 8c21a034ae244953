-- circumstances: which server, when, and where in its log; how big the tables are.
select
    current_setting('server_version') as server_version,
    transaction_timestamp() as taken_at,
    case
        when pg_is_in_recovery() then pg_last_wal_replay_lsn()
        else pg_current_wal_lsn()
    end::text as lsn,
    coalesce(
        (
            select pg_table_size(c.oid)
            from pg_catalog.pg_class as c
            inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = 'public'
            where c.relname = 'generations'
        ),
        0
    ) as bytes,
    (
        select coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint
        from pg_catalog.pg_class as c
        inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = 'public'
        where c.relname in (
            'users', 'projects', 'shots', 'shot_generations', 'generations', 'generation_variants', 'tasks',
            'credits_ledger'
        )
    ) as about_rows
