-- S, December 2025: shot_data holds one frame a shot, a scalar; what is written last stays.

alter table tasks add column dependant_on uuid;

create function sync_shot_to_generation() returns trigger
language plpgsql security definer
as $$
declare
    changed uuid := coalesce(new.generation_id, old.generation_id);
    entries jsonb := coalesce((select shot_data from generations where id = changed), '{}');
begin
    if tg_op = 'DELETE' then
        entries := entries - old.shot_id::text;
    else
        entries := entries || jsonb_build_object(new.shot_id, new.timeline_frame);
    end if;
    update generations set shot_data = entries where id = changed;
    return null;
end
$$;

create trigger sync_shot_generation
after insert or update or delete on shot_generations
for each row execute function sync_shot_to_generation();

create function keep_user_position() returns trigger
language plpgsql
as $$
begin
    if old.metadata -> 'user_positioned' = 'true' or old.metadata ? 'drag_source' then
        new.timeline_frame := old.timeline_frame;
    end if;
    return new;
end
$$;

create trigger trg_keep_user_position
before update on shot_generations
for each row execute function keep_user_position();

create function auto_create_variant_after_generation() returns trigger
language plpgsql security definer
as $$
begin
    insert into generation_variants (
        generation_id, location, thumbnail_url, params, is_primary, variant_type, name, created_at, project_id
    ) values (
        new.id, new.location, new.thumbnail_url, new.params, true, 'original', new.name, new.created_at, new.project_id
    );
    return new;
end
$$;

create trigger trg_auto_create_variant_after_generation
after insert on generations
for each row when (new.location is not null) execute function auto_create_variant_after_generation();

-- BEFORE: where another takes its place, the row that is being deleted is demoted first, which the server refuses.
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
    return old;
end
$$;

create trigger trg_handle_variant_deletion
before delete on generation_variants
for each row when (old.is_primary) execute function handle_variant_deletion();
