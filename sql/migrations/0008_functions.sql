-- functions: what the app calls to build shots; each acts with the caller's own rights and raises its errors.

-- The mean gap of the frames, halves up, within 10 .. 81; 81 for fewer than two frames.
create function public.average_spacing(frames integer[]) returns integer
language sql immutable set search_path = ''
as $$
    select case when count(frame) < 2 then 81 else
        least(greatest(floor((max(frame) - min(frame))::numeric / (count(frame) - 1) + 0.5), 10), 81)::integer
    end
    from unnest(frames) as frame
$$;

-- 0 for the first; else behind the last frame, by the average spacing unless one is given.
create function public.next_frame(frames integer[], spacing integer default null) returns integer
language sql immutable set search_path = ''
as $$
    select coalesce(max(frame) + coalesce(spacing, public.average_spacing(frames)), 0) from unnest(frames) as frame
$$;

-- Whether the type contains 'video', or the location's path ends as a video's in any case.
create function public.is_video(type text, location text) returns boolean
language sql immutable set search_path = ''
as $$
    select coalesce(position('video' in type) > 0, false)
        or coalesce(regexp_replace(location, '[?#].*', '') ~* '\.(mp4|webm|mov)$', false)
$$;

-- Always a new link, even of a generation that is in the shot already; returns it.
create function public.add_generation_to_shot(shot_id uuid, gen_id uuid, with_position boolean default true)
returns public.shot_generations
language plpgsql set search_path = ''
as $$
#variable_conflict use_column
declare
    link public.shot_generations;
begin
    -- Two calls at once would choose the same frame.
    perform from public.shots where id = add_generation_to_shot.shot_id for no key update;
    if not found then
        raise exception 'there is no shot %', add_generation_to_shot.shot_id using errcode = 'no_data_found';
    end if;
    if not exists (select from public.generations where id = gen_id) then
        raise exception 'there is no generation %', gen_id using errcode = 'no_data_found';
    end if;
    insert into public.shot_generations (shot_id, generation_id, timeline_frame, metadata)
    values (
        add_generation_to_shot.shot_id,
        gen_id,
        case when with_position then public.next_frame(array(
            select timeline_frame from public.shot_generations
            where shot_id = add_generation_to_shot.shot_id and timeline_frame >= 0
        )) end,
        '{}'
    )
    returning * into link;
    return link;
end
$$;

-- A new shot behind the last one of its project; the base of the two functions below.
create function public.append_shot(project_id uuid, name text, settings jsonb, aspect_ratio text)
returns public.shots
language plpgsql set search_path = ''
as $$
#variable_conflict use_column
declare
    shot public.shots;
begin
    -- Two calls at once would choose the same position.
    perform from public.projects where id = append_shot.project_id for no key update;
    if not found then
        raise exception 'there is no project %', append_shot.project_id using errcode = 'no_data_found';
    end if;
    insert into public.shots (project_id, name, settings, aspect_ratio, position)
    select append_shot.project_id, append_shot.name, append_shot.settings, append_shot.aspect_ratio,
        coalesce(max(position), 0) + 1
    from public.shots where project_id = append_shot.project_id
    returning * into shot;
    return shot;
end
$$;

-- The same generations at the same frames with their metadata, videos left out; returns the new shot.
create function public.duplicate_shot(shot_id uuid) returns public.shots
language plpgsql set search_path = ''
as $$
#variable_conflict use_column
declare
    original public.shots;
    copy public.shots;
begin
    select * into original from public.shots where id = duplicate_shot.shot_id;
    if not found then
        raise exception 'there is no shot %', duplicate_shot.shot_id using errcode = 'no_data_found';
    end if;
    copy := public.append_shot(
        original.project_id, original.name || ' (copy)', original.settings, original.aspect_ratio
    );
    -- created_at too: links without a frame go by age.
    insert into public.shot_generations (shot_id, generation_id, timeline_frame, metadata, created_at)
    select copy.id, link.generation_id, link.timeline_frame, link.metadata, link.created_at
    from public.shot_generations as link
    join public.generations as generation on generation.id = link.generation_id
    where link.shot_id = original.id and not public.is_video(generation.type, generation.location);
    return copy;
end
$$;

-- A new shot with the generation at frame 0, both or neither; returns the link.
create function public.create_shot_with_image(project_id uuid, name text, gen_id uuid)
returns public.shot_generations
language plpgsql set search_path = ''
as $$
declare
    shot public.shots := public.append_shot(project_id, name, '{}', null);
begin
    return public.add_generation_to_shot(shot.id, gen_id);
end
$$;

-- The images that wait beside the timeline.
create function public.count_unpositioned_generations(shot_id uuid) returns integer
language plpgsql stable set search_path = ''
as $$
#variable_conflict use_column
begin
    if not exists (select from public.shots where id = count_unpositioned_generations.shot_id) then
        raise exception 'there is no shot %', count_unpositioned_generations.shot_id using errcode = 'no_data_found';
    end if;
    return (
        select count(*) from public.shot_generations as link
        join public.generations as generation on generation.id = link.generation_id
        where link.shot_id = count_unpositioned_generations.shot_id and link.timeline_frame is null
            and not public.is_video(generation.type, generation.location)
    );
end
$$;

do $$
declare
    callable regprocedure;
begin
    foreach callable in array array[
        'public.average_spacing(integer[])', 'public.next_frame(integer[], integer)', 'public.is_video(text, text)',
        'public.add_generation_to_shot(uuid, uuid, boolean)', 'public.append_shot(uuid, text, jsonb, text)',
        'public.duplicate_shot(uuid)', 'public.create_shot_with_image(uuid, text, uuid)',
        'public.count_unpositioned_generations(uuid)'
    ]::regprocedure[]
    loop
        execute format('revoke execute on function %s from public, anon', callable);
        execute format('grant execute on function %s to authenticated, service_role', callable);
    end loop;
end
$$;
