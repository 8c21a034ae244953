-- variants: one primary variant a generation, and the two agree, whichever of them is written.

-- The lock order of all writes here is generation, then variants.
-- BEFORE triggers run ahead of the policies' checks, so both of these act with the caller's own rights.
create function public.handle_variant_primary_switch() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if tg_op = 'UPDATE' and (old.is_primary or not new.is_primary) then
        return new;
    end if;
    -- In a statement of its own: the next one then sees the primary that a concurrent switch left. A variant
    -- that is not primary takes the lock too, or the last primary could be deleted beside it unseen.
    perform from public.generations where id = new.generation_id for no key update;
    if new.is_primary then
        update public.generation_variants set is_primary = false
        where generation_id = new.generation_id and is_primary and id <> new.id;
    end if;
    return new;
end
$$;

create function public.keep_variant_home() returns trigger
language plpgsql set search_path = ''
as $$
declare
    home uuid := (select project_id from public.generations where id = new.generation_id);
begin
    if tg_op = 'UPDATE' and new.generation_id <> old.generation_id then
        raise exception 'variant % belongs to generation % and cannot be moved', old.id, old.generation_id
        using errcode = 'restrict_violation', hint = 'Insert it as a new variant of the other generation.';
    end if;
    new.project_id := coalesce(new.project_id, home);
    if new.project_id <> home then
        raise exception 'variant % cannot be in another project than its generation', new.id
        using errcode = 'check_violation', hint = 'Move the generation: its variants follow.';
    end if;
    return new;
end
$$;

create function public.sync_generation_from_variant() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    if tg_op = 'UPDATE'
        and (new.location, new.thumbnail_url, new.params, new.name, new.is_primary)
        is not distinct from (old.location, old.thumbnail_url, old.params, old.name, old.is_primary)
    then
        return null;
    end if;
    -- What is primary now, not `new`: one statement may have made several primary in turn.
    update public.generations
    set location = variant.location, thumbnail_url = variant.thumbnail_url, params = variant.params,
        name = variant.name, primary_variant_id = variant.id
    from public.generation_variants as variant
    where generations.id = new.generation_id and variant.generation_id = new.generation_id and variant.is_primary
        and (variant.location, variant.thumbnail_url, variant.params, variant.name, variant.id)
        is distinct from (
            generations.location, generations.thumbnail_url, generations.params, generations.name,
            generations.primary_variant_id
        );
    return null;
end
$$;

create function public.auto_create_variant_after_generation() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    insert into public.generation_variants
        (generation_id, location, thumbnail_url, params, is_primary, variant_type, name, created_at)
    values (new.id, new.location, new.thumbnail_url, new.params, true, 'original', new.name, new.created_at);
    return null;
end
$$;

create function public.sync_variant_from_generation() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    if not exists (select from public.generation_variants where generation_id = new.id and is_primary) then
        -- Its first picture has come, after it was made without one or lost its last variant.
        if new.location is not null then
            insert into public.generation_variants
                (generation_id, location, thumbnail_url, params, is_primary, variant_type, name)
            values (new.id, new.location, new.thumbnail_url, new.params, true, 'original', new.name);
        end if;
        return null;
    end if;
    if new.location is null then
        raise exception 'generation % has a primary variant, so its location cannot be NULL', new.id
        using errcode = 'restrict_violation', hint = 'Delete its variants: the last one empties the generation.';
    end if;
    update public.generation_variants
    set location = new.location, thumbnail_url = new.thumbnail_url, params = new.params, name = new.name
    where generation_id = new.id and is_primary
        and (location, thumbnail_url, params, name)
        is distinct from (new.location, new.thumbnail_url, new.params, new.name);
    return null;
end
$$;

create function public.handle_variant_deletion() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
    newest uuid;
begin
    perform from public.generations where id = old.generation_id for no key update;
    if not found then
        return null;  -- the generation itself is being deleted
    end if;
    loop
        select id into newest from public.generation_variants
        where generation_id = old.generation_id order by created_at desc, id desc limit 1;
        exit when newest is null;
        update public.generation_variants set is_primary = true where id = newest;
        if found then
            return null;
        end if;  -- deleted by another transaction while we waited: take the next
    end loop;
    update public.generations
    set location = null, thumbnail_url = null, params = null, name = null, primary_variant_id = null
    where id = old.generation_id;
    return null;
end
$$;

-- Deferred to the commit, so that one transaction may demote first and promote then.
create function public.check_primary_variant() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    if exists (select from public.generation_variants where generation_id = new.generation_id)
        and not exists (
            select from public.generation_variants where generation_id = new.generation_id and is_primary
        )
    then
        raise exception 'generation % has variants and no primary one', new.generation_id
        using errcode = 'check_violation', hint = 'Set is_primary on the variant that should take over.';
    end if;
    return null;
end
$$;

create function public.check_primary_variant_id() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    -- As it is now, not `new`: a deleted variant's foreign key clears the column before another is promoted.
    if exists (
        select from public.generations as generation
        where id = new.id and primary_variant_id is distinct from (
            select id from public.generation_variants where generation_id = generation.id and is_primary
        )
    ) then
        raise exception 'primary_variant_id of generation % would not be its primary variant', new.id
        using errcode = 'check_violation', hint = 'Set is_primary on the variant; primary_variant_id follows.';
    end if;
    return null;
end
$$;

revoke execute on function
    public.handle_variant_primary_switch(), public.keep_variant_home(), public.sync_generation_from_variant(),
    public.auto_create_variant_after_generation(), public.sync_variant_from_generation(),
    public.handle_variant_deletion(), public.check_primary_variant(), public.check_primary_variant_id()
from public, anon, authenticated;

create trigger trg_handle_variant_primary_switch
before insert or update of is_primary on public.generation_variants
for each row execute function public.handle_variant_primary_switch();

create trigger trg_keep_variant_home
before insert or update of generation_id, project_id on public.generation_variants
for each row execute function public.keep_variant_home();

create trigger trg_sync_generation_from_variant
after insert or update of location, thumbnail_url, params, name, is_primary on public.generation_variants
for each row when (new.is_primary) execute function public.sync_generation_from_variant();

create trigger trg_handle_variant_deletion
after delete on public.generation_variants
for each row when (old.is_primary) execute function public.handle_variant_deletion();

create trigger trg_auto_create_variant_after_generation
after insert on public.generations
for each row when (new.location is not null)
execute function public.auto_create_variant_after_generation();

create trigger trg_sync_variant_from_generation
after update of location, thumbnail_url, params, name on public.generations
for each row when (
    (new.location, new.thumbnail_url, new.params, new.name)
    is distinct from (old.location, old.thumbnail_url, old.params, old.name)
)
execute function public.sync_variant_from_generation();

create constraint trigger trg_check_primary_variant
after insert or update of is_primary on public.generation_variants
deferrable initially deferred
for each row when (not new.is_primary) execute function public.check_primary_variant();

create trigger trg_check_primary_variant_id
after update of primary_variant_id on public.generations
for each row execute function public.check_primary_variant_id();

-- A generation that is being made has no variant yet to point at.
create trigger trg_check_primary_variant_id_insert
after insert on public.generations
for each row when (new.primary_variant_id is not null) execute function public.check_primary_variant_id();
