-- What the three eras have in common; s.sql, j.sql and a.sql add what each has of its own.

create type task_status as enum ('Queued', 'In Progress', 'Complete', 'Failed', 'Cancelled');
create type credit_ledger_type as enum ('stripe', 'manual', 'spend', 'refund', 'auto_topup');

create table users (
    id uuid primary key default gen_random_uuid(),
    name text,
    email text,
    api_keys jsonb,
    settings jsonb,
    credits numeric(10, 3) not null default 0,
    given_credits boolean not null default false,
    onboarding jsonb,
    username text,
    avatar_url text,
    auto_topup_enabled boolean not null default false,
    auto_topup_amount numeric(10, 3),
    auto_topup_threshold numeric(10, 3)
);

create table projects (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    user_id uuid not null references users (id) on delete cascade,
    aspect_ratio text,
    created_at timestamptz not null default now(),
    settings jsonb
);

create table shots (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz,
    project_id uuid not null references projects (id) on delete cascade,
    settings jsonb,
    position integer not null default 1,
    aspect_ratio text
);

create table tasks (
    id uuid primary key default gen_random_uuid(),
    task_type text not null,
    params jsonb not null,
    status task_status not null default 'Queued',
    output_location text,
    created_at timestamptz not null default now(),
    updated_at timestamptz,
    project_id uuid not null references projects (id) on delete cascade,
    generation_processed_at timestamptz,
    generation_started_at timestamptz,
    worker_id text,
    generation_created boolean not null default false,
    attempts integer not null default 0,
    error_message text,
    result_data jsonb
);

create table generations (
    id uuid primary key default gen_random_uuid(),
    tasks jsonb,
    params jsonb,
    location text,
    type text,
    created_at timestamptz not null default now(),
    updated_at timestamptz,
    project_id uuid not null references projects (id) on delete cascade,
    starred boolean not null default false,
    thumbnail_url text,
    name text,
    based_on uuid references generations (id) on delete set null,
    copied_from_share text,
    shot_data jsonb default '{}',
    parent_generation_id uuid references generations (id) on delete cascade,
    child_order integer,
    is_child boolean not null default false,
    children jsonb
);

create table generation_variants (
    id uuid primary key default gen_random_uuid(),
    generation_id uuid not null references generations (id) on delete cascade,
    location text not null,
    thumbnail_url text,
    params jsonb,
    is_primary boolean not null default false,
    variant_type text,
    name text,
    created_at timestamptz not null default now(),
    project_id uuid references projects (id) on delete cascade
);

alter table generations
add column primary_variant_id uuid references generation_variants (id) on delete set null;

create table shot_generations (
    id uuid primary key default gen_random_uuid(),
    shot_id uuid not null references shots (id) on delete cascade,
    generation_id uuid not null references generations (id) on delete cascade,
    created_at timestamptz default now(),
    timeline_frame integer,
    metadata jsonb,
    updated_at timestamptz not null default now()
);

create table credits_ledger (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references users (id) on delete cascade,
    task_id uuid references tasks (id) on delete set null,
    amount numeric(10, 3) not null,
    type credit_ledger_type not null,
    metadata jsonb,
    created_at timestamptz not null default now()
);

-- One of the holes: no row level security, so that anyone reads it and empties it.
create table shot_data_log (
    id bigint generated always as identity primary key,
    generation_id uuid not null,
    noted_at timestamptz not null default now()
);

create index idx_generations_shot_data on generations using gin (shot_data);
create index idx_generations_project on generations (project_id);
create index idx_shot_generations_shot on shot_generations (shot_id);
create index idx_shot_generations_generation on shot_generations (generation_id);
create index idx_shot_generations_frame on shot_generations (shot_id, timeline_frame)
where timeline_frame is not null;
create index idx_variants_generation on generation_variants (generation_id);
create unique index idx_variants_one_primary on generation_variants (generation_id) where is_primary = true;

-- Variants: one primary, and the generation shows it; the deletion of one is each era's own.

create function handle_variant_primary_switch() returns trigger
language plpgsql
as $$
begin
    if new.is_primary and (tg_op = 'INSERT' or not old.is_primary) then
        update generation_variants set is_primary = false
        where generation_id = new.generation_id and id <> new.id and is_primary;
    end if;
    return new;
end
$$;

create trigger trg_handle_variant_primary_switch
before insert or update on generation_variants
for each row execute function handle_variant_primary_switch();

create function sync_generation_from_variant() returns trigger
language plpgsql security definer
as $$
begin
    update generations
    set location = new.location, thumbnail_url = new.thumbnail_url, params = new.params, name = new.name,
        primary_variant_id = new.id, updated_at = now()
    where id = new.generation_id;
    return new;
end
$$;

create trigger trg_sync_generation_from_variant
after insert or update on generation_variants
for each row when (new.is_primary) execute function sync_generation_from_variant();

-- It leaves params alone: a direct change of these stays with the generation.
create function sync_variant_from_generation() returns trigger
language plpgsql security definer
as $$
begin
    -- What a trigger of the variants writes came from there.
    if pg_trigger_depth() = 1 then
        update generation_variants
        set location = new.location, thumbnail_url = new.thumbnail_url, name = new.name
        where generation_id = new.id and is_primary;
    end if;
    return new;
end
$$;

create trigger trg_sync_variant_from_generation
after update on generations
for each row when (
    (new.location, new.thumbnail_url, new.name) is distinct from (old.location, old.thumbnail_url, old.name)
)
execute function sync_variant_from_generation();

create function empty_generation(emptied uuid) returns void
language sql
as $$
    update generations
    set location = null, thumbnail_url = null, params = null, name = null, primary_variant_id = null
    where id = emptied
$$;

create function newest_other_variant(gone generation_variants) returns uuid
language sql stable
as $$
    select id from generation_variants
    where generation_id = gone.generation_id and id <> gone.id
    order by created_at desc limit 1
$$;

create function refresh_user_balance() returns trigger
language plpgsql security definer
as $$
begin
    update users set credits = (select coalesce(sum(amount), 0) from credits_ledger where user_id = new.user_id)
    where id = new.user_id;
    return new;
end
$$;

create trigger trg_refresh_user_balance
after insert on credits_ledger
for each row execute function refresh_user_balance();

-- The drift check that has never worked: generations has no such column.
create function verify_shot_sync() returns table (generation_id uuid)
language plpgsql security definer
as $$
begin
    return query
    select g.id from generations as g
    inner join shot_generations as l on l.generation_id = g.id
    where g.shot_id is distinct from l.shot_id;
end
$$;

-- One of the holes: anyone, anonymous users too, may move anyone's frames, and no error is ever told.
create function batch_update_timeline_frames(updates jsonb) returns jsonb
language plpgsql security definer
as $$
begin
    update shot_generations as l set timeline_frame = (u ->> 'timeline_frame')::integer
    from jsonb_array_elements(updates) as u
    where l.id = (u ->> 'id')::uuid;
    return '{"success": true}';
exception when others then
    return '{"success": false}';
end
$$;

create function add_generation_to_shot(p_shot_id uuid, p_generation_id uuid, p_with_position boolean default true)
returns uuid
language plpgsql security definer
as $$
declare
    made uuid;
begin
    -- One of the holes: without a user, `<>` is NULL, and nothing is raised.
    if (
        select p.user_id from shots as s inner join projects as p on p.id = s.project_id where s.id = p_shot_id
    ) <> auth.uid() then
        raise exception 'not your shot';
    end if;
    insert into shot_generations (shot_id, generation_id, timeline_frame)
    select p_shot_id, p_generation_id, case when p_with_position then coalesce(max(timeline_frame) + 81, 0) end
    from shot_generations where shot_id = p_shot_id
    returning id into made;
    return made;
end
$$;

alter table users enable row level security;
alter table projects enable row level security;
alter table shots enable row level security;
alter table tasks enable row level security;
alter table generations enable row level security;
alter table generation_variants enable row level security;
alter table shot_generations enable row level security;
alter table credits_ledger enable row level security;

create policy own on users for all to authenticated using (id = auth.uid());
create policy own on projects for all to authenticated using (user_id = auth.uid());
create policy own on shots for all to authenticated
using (exists (select from projects as p where p.id = project_id and p.user_id = auth.uid()));
create policy own on tasks for all to authenticated
using (exists (select from projects as p where p.id = project_id and p.user_id = auth.uid()));
create policy own on generations for all to authenticated
using (exists (select from projects as p where p.id = project_id and p.user_id = auth.uid()));
create policy own on generation_variants for all to authenticated
using (exists (select from generations as g where g.id = generation_id));
-- One of the holes: whose the generation is, nobody asks.
create policy own on shot_generations for all to authenticated
using (exists (select from shots as s where s.id = shot_id));
create policy own on credits_ledger for select to authenticated using (user_id = auth.uid());
