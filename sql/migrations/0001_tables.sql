-- tables: the core tables of a project of AI-made video, and the storage buckets.

create schema if not exists auth;
create schema if not exists storage;
-- Before PostgreSQL 15 anyone could create tables and functions here.
revoke create on schema public from public;

create type public.task_status as enum ('Queued', 'In Progress', 'Complete', 'Failed', 'Cancelled');
create type public.credit_type as enum ('stripe', 'manual', 'spend', 'refund', 'auto_topup');

create table public.users (
    id uuid primary key default gen_random_uuid(),
    name text,
    email text,
    api_keys jsonb not null default '{}',
    settings jsonb not null default '{}',
    credits numeric(10, 3) not null default 0,
    given_credits boolean not null default false,
    onboarding jsonb not null default '{}',
    username text unique,
    avatar_url text,
    auto_topup_enabled boolean not null default false,
    auto_topup_amount numeric(10, 3),
    auto_topup_threshold numeric(10, 3)
);

create table public.projects (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    user_id uuid not null references public.users (id) on delete cascade,
    aspect_ratio text,
    created_at timestamptz not null default now(),
    settings jsonb not null default '{}'
);

create table public.shots (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    project_id uuid not null references public.projects (id) on delete cascade,
    settings jsonb not null default '{}',
    position integer not null default 1,
    aspect_ratio text
);

create table public.tasks (
    id uuid primary key default gen_random_uuid(),
    task_type text not null,
    params jsonb not null default '{}',
    status public.task_status not null default 'Queued',
    dependant_on uuid[],
    output_location text,
    created_at timestamptz not null default now(),
    updated_at timestamptz,
    project_id uuid not null references public.projects (id) on delete cascade,
    generation_processed_at timestamptz,
    generation_started_at timestamptz,
    worker_id text,
    generation_created boolean not null default false,
    attempts integer not null default 0,
    error_message text,
    result_data jsonb,
    idempotency_key text unique
);

create table public.generations (
    id uuid primary key default gen_random_uuid(),
    tasks jsonb,
    params jsonb,
    location text,
    type text,
    created_at timestamptz not null default now(),
    updated_at timestamptz,
    project_id uuid not null references public.projects (id) on delete cascade,
    starred boolean not null default false,
    thumbnail_url text,
    name text,
    based_on uuid references public.generations (id) on delete set null,
    copied_from_share text,
    shot_data jsonb default '{}',
    parent_generation_id uuid references public.generations (id) on delete cascade,
    child_order integer,
    is_child boolean not null default false,
    children jsonb,
    primary_variant_id uuid,
    pair_shot_generation_id uuid
);

create table public.generation_variants (
    id uuid primary key default gen_random_uuid(),
    generation_id uuid not null references public.generations (id) on delete cascade,
    location text not null,
    thumbnail_url text,
    params jsonb,
    is_primary boolean not null default false,
    variant_type text,
    name text,
    created_at timestamptz not null default now(),
    project_id uuid references public.projects (id) on delete cascade,
    viewed_at timestamptz,
    starred boolean not null default false
);

create table public.shot_generations (
    id uuid primary key default gen_random_uuid(),
    shot_id uuid not null references public.shots (id) on delete cascade,
    generation_id uuid not null references public.generations (id) on delete cascade,
    created_at timestamptz not null default now(),
    timeline_frame integer,
    metadata jsonb,
    updated_at timestamptz not null default now()
);

-- Two cycles of references, closed once both ends exist.
alter table public.generations
    add constraint generations_primary_variant_id_fkey
    foreign key (primary_variant_id) references public.generation_variants (id) on delete set null,
    add constraint generations_pair_shot_generation_id_fkey
    foreign key (pair_shot_generation_id) references public.shot_generations (id) on delete set null;

create table public.credits_ledger (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references public.users (id) on delete restrict,
    task_id uuid references public.tasks (id) on delete set null,
    amount numeric(10, 3) not null,
    type public.credit_type not null,
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now()
);

-- A Supabase project brings its own storage.
create table if not exists storage.buckets (
    id text primary key,
    name text not null unique,
    public boolean not null default false,
    created_at timestamptz not null default now()
);

create table if not exists storage.objects (
    id uuid primary key default gen_random_uuid(),
    bucket_id text not null references storage.buckets (id),
    name text not null,
    owner uuid,
    metadata jsonb,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (bucket_id, name)
);

insert into storage.buckets (id, name, public) values
    ('image_uploads', 'image_uploads', true),
    ('training-data', 'training-data', false),
    ('lora_files', 'lora_files', true)
on conflict (id) do nothing;

-- fastupdate=off: the pending list makes phase 1 slower after many updates and costs single writes nothing.
create index generations_shot_data_idx on public.generations using gin (shot_data) with (fastupdate = off);
create index generations_project_id_idx on public.generations (project_id, created_at desc);
create index generations_parent_generation_id_idx on public.generations (parent_generation_id);
create index generations_based_on_idx on public.generations (based_on);
create index generations_primary_variant_id_idx on public.generations (primary_variant_id);
create index generations_pair_shot_generation_id_idx on public.generations (pair_shot_generation_id);
create index generation_variants_generation_id_idx on public.generation_variants (generation_id);
create index generation_variants_project_id_idx on public.generation_variants (project_id);
create unique index generation_variants_one_primary_idx
    on public.generation_variants (generation_id) where is_primary;
create index shot_generations_shot_id_idx on public.shot_generations (shot_id);
-- All three columns: rebuilding shot_data and auditing it are index-only and already sorted.
create index shot_generations_link_idx on public.shot_generations (generation_id, shot_id, timeline_frame);
create index shot_generations_timeline_idx
    on public.shot_generations (shot_id, timeline_frame) where timeline_frame is not null;
create index projects_user_id_idx on public.projects (user_id);
create index shots_project_id_idx on public.shots (project_id);
create index tasks_project_id_idx on public.tasks (project_id, created_at desc);
create index credits_ledger_user_id_idx on public.credits_ledger (user_id);
create index credits_ledger_task_id_idx on public.credits_ledger (task_id);
