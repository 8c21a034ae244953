-- A, April 2026: as J, but a move passes by a generation that is locked, and an original variant cannot be deleted.

alter table generations
add column pair_shot_generation_id uuid references shot_generations (id) on delete set null;
alter table generation_variants
add column viewed_at timestamptz,
add column starred boolean not null default false;
alter table tasks
add column dependant_on uuid[],
add column idempotency_key text unique;

create function sync_shot_to_generation_jsonb() returns trigger
language plpgsql security definer
as $$
declare
    changed uuid := coalesce(new.generation_id, old.generation_id);
    entries jsonb;
begin
    select jsonb_object_agg(shot_id, frames) into entries
    from (
        select shot_id, jsonb_agg(timeline_frame order by timeline_frame nulls last) as frames
        from shot_generations
        where generation_id = changed
        group by shot_id
    ) as shot;
    if tg_op = 'UPDATE' then
        perform from generations where id = changed for update skip locked;
        if not found then
            return null;
        end if;
    end if;
    update generations set shot_data = coalesce(entries, '{}') where id = changed;
    return null;
end
$$;

create trigger sync_shot_generation_jsonb
after insert or update or delete on shot_generations
for each row execute function sync_shot_to_generation_jsonb();

create function refuse_deleting_original() returns trigger
language plpgsql
as $$
begin
    raise exception 'an original variant cannot be deleted';
end
$$;

create trigger trg_refuse_deleting_original
before delete on generation_variants
for each row when (old.variant_type = 'original') execute function refuse_deleting_original();

create function handle_variant_deletion() returns trigger
language plpgsql security definer
as $$
declare
    successor uuid := newest_other_variant(old);
begin
    if successor is null then
        perform empty_generation(old.generation_id);
    else
        update generation_variants set is_primary = true where id = successor;
    end if;
    return null;
end
$$;

create trigger trg_handle_variant_deletion
after delete on generation_variants
for each row when (old.is_primary) execute function handle_variant_deletion();

create function make_parent_of_shot() returns trigger
language plpgsql security definer
as $$
declare
    parent uuid;
begin
    insert into generations (project_id, type) values (new.project_id, 'video') returning id into parent;
    insert into shot_generations (shot_id, generation_id, timeline_frame) values (new.id, parent, null);
    return new;
end
$$;

create trigger trg_make_parent_of_shot
after insert on shots
for each row execute function make_parent_of_shot();
