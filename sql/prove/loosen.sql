-- loosen: let rows be made that have nothing but what shotkit knows of.
do $$
declare
    column_of record;
begin
    for column_of in
        select c.relname, a.attname
        from pg_catalog.pg_attribute as a
        inner join pg_catalog.pg_class as c on c.oid = a.attrelid
        where c.relnamespace = 'public'::regnamespace
            and c.relname in ('users', 'projects', 'shots', 'shot_generations', 'generations')
            and a.attnum > 0 and not a.attisdropped and a.attnotnull and a.attidentity = ''
            and a.attname not in ('id', 'shot_id', 'generation_id', 'project_id', 'user_id')
    loop
        execute format('alter table public.%%I alter column %%I drop not null', column_of.relname, column_of.attname);
    end loop;
end
$$
