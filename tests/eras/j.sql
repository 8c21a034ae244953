-- J, January 2026: shot_data holds all frames of a generation in a shot, rebuilt for the row's generation.

alter table generations
add column pair_shot_generation_id uuid references shot_generations (id) on delete set null;
alter table generation_variants add column viewed_at timestamptz;
alter table tasks add column dependant_on uuid[];

create function sync_shot_to_generation() returns trigger
language plpgsql security definer
as $$
declare
    changed uuid := coalesce(new.generation_id, old.generation_id);
    entries jsonb;
begin
    -- Before the row's lock is waited for: what the other transaction wrote is not in it.
    select jsonb_object_agg(shot_id, frames) into entries
    from (
        select shot_id, jsonb_agg(timeline_frame order by timeline_frame nulls last) as frames
        from shot_generations
        where generation_id = changed
        group by shot_id
    ) as shot;
    update generations set shot_data = coalesce(entries, '{}') where id = changed;
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
