-- stubs: what a hosted platform has outside of the schema public, as far as tables and triggers lean on it.
create role anon nologin;
create role authenticated nologin;
create role service_role nologin bypassrls;

create schema auth;
create schema extensions;

create function auth.jwt() returns jsonb
language sql stable
as $$ select coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb $$;

create function auth.uid() returns uuid
language sql stable
as $$ select nullif(auth.jwt() ->> 'sub', '')::uuid $$;

create function auth.role() returns text
language sql stable
as $$ select auth.jwt() ->> 'role' $$;

create function auth.email() returns text
language sql stable
as $$ select auth.jwt() ->> 'email' $$;

create function extensions.uuid_generate_v4() returns uuid
language sql volatile
as $$ select gen_random_uuid() $$;

create function public.uuid_generate_v4() returns uuid
language sql volatile
as $$ select gen_random_uuid() $$;

-- Names come from the database that is proven.
create function extensions.stub(kind text, name text, home text) returns void
language plpgsql
as $$
begin
    if kind = 'role' and not exists (select from pg_roles where rolname = name) then
        execute format('create role %%I nologin', name);
    elsif kind = 'extension' and exists (
        select from pg_available_extensions as e where e.name = stub.name and e.installed_version is null
    ) then
        execute format('create schema if not exists %%I', home);
        execute format('create extension if not exists %%I schema %%I', name, home);
    end if;
end
$$;

grant set on parameter session_replication_role to shotkit_guest;
grant usage on schema auth, extensions to shotkit_guest;

do $$
begin
    execute format('alter database %%I set search_path = "$user", public, extensions', current_database());
end
$$
