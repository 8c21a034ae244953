-- still: take all triggers away, so that only what is planted is written; columns that are computed keep what they get.
do $$
declare
    found record;
begin
    for found in
        select c.relname, t.tgname
        from pg_catalog.pg_trigger as t
        inner join pg_catalog.pg_class as c on c.oid = t.tgrelid
        where c.relnamespace = 'public'::regnamespace and not t.tgisinternal
    loop
        execute format('drop trigger %%I on public.%%I', found.tgname, found.relname);
    end loop;
    for found in
        select c.relname, a.attname
        from pg_catalog.pg_attribute as a
        inner join pg_catalog.pg_class as c on c.oid = a.attrelid
        where c.relnamespace = 'public'::regnamespace and a.attgenerated <> '' and not a.attisdropped
    loop
        execute format('alter table public.%%I alter column %%I drop expression', found.relname, found.attname);
    end loop;
end
$$;

drop function if exists public.sync_shot_to_generation();

create function public.shotkit_put(table_name text, rows jsonb) returns void
language plpgsql
as $$
begin
    execute format(
        'insert into public.%%I overriding system value select * from jsonb_populate_recordset(null::public.%%I, $1)',
        table_name, table_name
    ) using rows;
end
$$
