-- one_project: a link joins a shot and a generation of one project, and moving either keeps it so.

-- Its triggers sort after sync_shot_to_generation's: by then the generations are locked and cannot be moved.
create function public.verify_link_projects() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
    wrong record;
begin
    select link.shot_id, link.generation_id into wrong
    from new_links as link
    join public.shots as shot on shot.id = link.shot_id
    join public.generations as generation on generation.id = link.generation_id
    where shot.project_id <> generation.project_id
    limit 1;
    if found then
        raise exception 'shot % and generation % are not of one project', wrong.shot_id, wrong.generation_id
        using errcode = 'check_violation', hint = 'Link a generation of the shot''s own project.';
    end if;
    return null;
end
$$;

create function public.move_generation() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    if exists (
        select from public.shot_generations as link
        join public.shots as shot on shot.id = link.shot_id
        where link.generation_id = new.id and shot.project_id <> new.project_id
    ) then
        raise exception 'generation % stands in shots of its project and cannot leave it', new.id
        using errcode = 'restrict_violation', hint = 'Remove it from those shots first.';
    end if;
    update public.generation_variants set project_id = new.project_id where generation_id = new.id;
    return null;
end
$$;

create function public.move_shot() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    -- A link that is being inserted holds the shot by its foreign key: wait for it, then look.
    perform from public.shots where id = new.id for update;
    if exists (
        select from public.shot_generations as link
        join public.generations as generation on generation.id = link.generation_id
        where link.shot_id = new.id and generation.project_id <> new.project_id
    ) then
        raise exception 'shot % holds generations of its project and cannot leave it', new.id
        using errcode = 'restrict_violation', hint = 'Remove them from the shot first.';
    end if;
    return null;
end
$$;

revoke execute on function public.verify_link_projects(), public.move_generation(), public.move_shot()
from public, anon, authenticated;

create trigger verify_link_projects_insert
after insert on public.shot_generations
referencing new table as new_links
for each statement execute function public.verify_link_projects();

create trigger verify_link_projects_update
after update on public.shot_generations
referencing new table as new_links
for each statement execute function public.verify_link_projects();

create trigger move_generation
after update of project_id on public.generations
for each row when (old.project_id <> new.project_id) execute function public.move_generation();

create trigger move_shot
after update of project_id on public.shots
for each row when (old.project_id <> new.project_id) execute function public.move_shot();
