-- link_projects_by_key: whether a link joins what is of one project is looked up by keys, however many links there are.

-- A statement without parameters is planned once a session. Planned for many links, a join reads all generations,
-- and from then on for each single link too; what is asked for each link by itself stays a look-up.
create or replace function public.verify_link_projects() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
    wrong record;
begin
    select link.shot_id, link.generation_id into wrong
    from new_links as link
    where (select project_id from public.shots where id = link.shot_id)
        <> (select project_id from public.generations where id = link.generation_id)
    limit 1;
    if found then
        raise exception 'shot % and generation % are not of one project', wrong.shot_id, wrong.generation_id
        using errcode = 'check_violation', hint = 'Link a generation of the shot''s own project.';
    end if;
    return null;
end
$$;
