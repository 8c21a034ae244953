-- shot_data_sync: generations.shot_data follows the links, under any concurrency.

-- TRUNCATE needs no trigger: generations refer to links (pair_shot_generation_id), so it takes both or neither.

-- shot_data = {"<shot>": [frames, ascending, NULLs last, duplicates kept]}, '{}' in no shot.
-- SECURITY DEFINER: users have no right to write shot_data themselves.
create function public.sync_shot_to_generation() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
    changed uuid[];
begin
    if tg_op = 'INSERT' then
        select array_agg(distinct generation_id) into changed from new_links;
    elsif tg_op = 'DELETE' then
        select array_agg(distinct generation_id) into changed from old_links;
    else
        -- Both ends of a moved link; a link whose place stayed (new metadata) locks nothing.
        with
        old_places as (select generation_id, shot_id, timeline_frame from old_links),
        new_places as (select generation_id, shot_id, timeline_frame from new_links)
        select array_agg(distinct generation_id) into changed
        from (
            (table old_places except all table new_places)
            union all
            (table new_places except all table old_places)
        ) as moved;
    end if;
    if changed is null then
        return null;
    end if;

    -- A statement of its own: the next one's snapshot then includes what the lock waited for.
    perform from public.generations where id = any (changed) order by id for no key update;

    update public.generations
    set shot_data = expected.shot_data
    from (
        select wanted.id, coalesce(jsonb_object_agg(shot.id, shot.frames) filter (where shot.id is not null), '{}')
        from unnest(changed) as wanted (id)
        left join (
            select generation_id, shot_id, jsonb_agg(timeline_frame order by timeline_frame nulls last)
            from public.shot_generations
            where generation_id = any (changed)
            group by generation_id, shot_id
        ) as shot (generation_id, id, frames) on shot.generation_id = wanted.id
        group by wanted.id
    ) as expected (id, shot_data)
    where generations.id = expected.id and generations.shot_data is distinct from expected.shot_data;
    return null;
end
$$;

revoke execute on function public.sync_shot_to_generation() from public, anon, authenticated;

create trigger sync_shot_to_generation_insert
after insert on public.shot_generations
referencing new table as new_links
for each statement execute function public.sync_shot_to_generation();

create trigger sync_shot_to_generation_update
after update on public.shot_generations
referencing old table as old_links new table as new_links
for each statement execute function public.sync_shot_to_generation();

create trigger sync_shot_to_generation_delete
after delete on public.shot_generations
referencing old table as old_links
for each statement execute function public.sync_shot_to_generation();
