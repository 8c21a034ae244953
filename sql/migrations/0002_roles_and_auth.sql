-- roles_and_auth: Supabase's three roles and auth.uid(), each made only where it is absent.

-- Roles belong to the whole cluster: another database's push may have made them, or be making them now.
do $$
declare
    wanted record;
begin
    for wanted in
        select * from (values
            ('anon', 'create role anon nologin'),
            ('authenticated', 'create role authenticated nologin'),
            ('service_role', 'create role service_role nologin bypassrls')
        ) as roles (name, statement)
    loop
        continue when exists (select from pg_roles where rolname = wanted.name);
        begin
            execute wanted.statement;
        exception when duplicate_object or unique_violation then
            null;
        end;
    end loop;
end
$$;

-- The caller: NULL without claims (anonymous); a malformed token is an error, never an empty database.
do $$
begin
    if to_regprocedure('auth.uid()') is null then
        create function auth.uid() returns uuid
        language sql stable set search_path = ''
        as $uid$
            select nullif(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub', '')::uuid
        $uid$;
        revoke execute on function auth.uid() from public;
        grant execute on function auth.uid() to anon, authenticated, service_role;
    end if;
end
$$;

grant usage on schema public, auth, storage to anon, authenticated, service_role;
