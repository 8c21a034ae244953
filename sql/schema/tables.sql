-- tables: whether shotkit keeps its migrations here, and which of these tables of public there are.
-- takes: names
select
    to_regclass('shotkit.migrations') is not null as kept,
    coalesce(
        (
            select array_agg(relname::text order by relname) from pg_class
            where relnamespace = 'public'::regnamespace and relname = any (%(names)s)
        ),
        '{}'
    ) as found;
