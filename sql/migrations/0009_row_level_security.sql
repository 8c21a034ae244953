-- row_level_security: a user reads and writes what is in his projects; anonymous callers, the public files only.

-- A Supabase project grants everything in public to everyone by default.
revoke all on
    public.users, public.projects, public.shots, public.shot_generations, public.generations,
    public.generation_variants, public.tasks, public.credits_ledger
from public, anon, authenticated, service_role;

grant all on
    public.users, public.projects, public.shots, public.shot_generations, public.generations,
    public.generation_variants, public.tasks
to service_role;
grant select, insert on public.credits_ledger to service_role;

grant select on
    public.users, public.projects, public.shots, public.shot_generations, public.generations,
    public.generation_variants, public.tasks, public.credits_ledger
to authenticated;
grant insert, update, delete on
    public.projects, public.shots, public.shot_generations, public.generation_variants
to authenticated;
grant delete on public.users, public.generations to authenticated;

-- Column by column, where a column is not the user's to write: credits, shot_data, primary_variant_id, a task's course.
grant insert (
    id, name, email, api_keys, settings, onboarding, username, avatar_url,
    auto_topup_enabled, auto_topup_amount, auto_topup_threshold
) on public.users to authenticated;
grant update (
    name, email, api_keys, settings, onboarding, username, avatar_url,
    auto_topup_enabled, auto_topup_amount, auto_topup_threshold
) on public.users to authenticated;
grant insert (
    id, tasks, params, location, type, created_at, project_id, starred, thumbnail_url, name, based_on,
    copied_from_share, parent_generation_id, child_order, is_child, children, pair_shot_generation_id
) on public.generations to authenticated;
grant update (
    tasks, params, location, type, project_id, starred, thumbnail_url, name, based_on,
    copied_from_share, parent_generation_id, child_order, is_child, children, pair_shot_generation_id
) on public.generations to authenticated;
grant insert (id, task_type, params, dependant_on, project_id, idempotency_key) on public.tasks to authenticated;
grant update (status) on public.tasks to authenticated;

alter table public.users enable row level security;
alter table public.projects enable row level security;
alter table public.shots enable row level security;
alter table public.shot_generations enable row level security;
alter table public.generations enable row level security;
alter table public.generation_variants enable row level security;
alter table public.tasks enable row level security;
alter table public.credits_ledger enable row level security;

-- Every comparison is `owner = caller`: for an anonymous caller it is NULL, and NULL lets nothing through.
-- `(select auth.uid())` and the lists are worked out once a query, not once a row. `= any (array(...))`, unlike
-- `in (...)`, can use the index on project_id: `shot_data ? shot` is not leakproof, so no index serves it here.
create policy users_own on public.users for all to authenticated
using (id = (select auth.uid()))
with check (id = (select auth.uid()));

create policy projects_own on public.projects for all to authenticated
using (user_id = (select auth.uid()))
with check (user_id = (select auth.uid()));

create policy shots_own on public.shots for all to authenticated
using (project_id = any (array(select id from public.projects where user_id = (select auth.uid()))))
with check (project_id = any (array(select id from public.projects where user_id = (select auth.uid()))));

create policy generations_own on public.generations for all to authenticated
using (project_id = any (array(select id from public.projects where user_id = (select auth.uid()))))
with check (project_id = any (array(select id from public.projects where user_id = (select auth.uid()))));

-- A variant's project is its generation's (trg_keep_variant_home); the generation itself is looked up for writes alone.
create policy generation_variants_own on public.generation_variants for all to authenticated
using (project_id = any (array(select id from public.projects where user_id = (select auth.uid()))))
with check (
    project_id = any (array(select id from public.projects where user_id = (select auth.uid())))
    and exists (
        select from public.generations as generation
        where generation.id = generation_variants.generation_id
            and generation.project_id = generation_variants.project_id
    )
);

create policy shot_generations_own on public.shot_generations for all to authenticated
using (
    shot_id in (
        select shot.id from public.shots as shot
        join public.projects as project on project.id = shot.project_id
        where project.user_id = (select auth.uid())
    )
)
with check (
    exists (
        select from public.shots as shot
        join public.projects as project on project.id = shot.project_id
        join public.generations as generation on generation.project_id = shot.project_id
        where shot.id = shot_generations.shot_id and generation.id = shot_generations.generation_id
            and project.user_id = (select auth.uid())
    )
);

create policy tasks_read on public.tasks for select to authenticated
using (project_id = any (array(select id from public.projects where user_id = (select auth.uid()))));

create policy tasks_queue on public.tasks for insert to authenticated
with check (project_id = any (array(select id from public.projects where user_id = (select auth.uid()))));

create policy tasks_cancel on public.tasks for update to authenticated
using (project_id = any (array(select id from public.projects where user_id = (select auth.uid()))))
with check (
    project_id = any (array(select id from public.projects where user_id = (select auth.uid()))) and status = 'Cancelled'
);

create policy credits_ledger_read on public.credits_ledger for select to authenticated
using (user_id = (select auth.uid()));

-- A Supabase project has secured its storage itself, and is its owner.
do $$
begin
    if not (select relrowsecurity from pg_class where oid = 'storage.objects'::regclass) then
        alter table storage.buckets enable row level security;
        alter table storage.objects enable row level security;
        grant select on storage.buckets, storage.objects to anon, authenticated;
        grant insert, update, delete on storage.objects to authenticated;
        grant all on storage.buckets, storage.objects to service_role;
        create policy buckets_read on storage.buckets for select to anon, authenticated using (true);
    end if;
end
$$;

create policy objects_read_public on storage.objects for select to anon, authenticated
using (bucket_id in ('image_uploads', 'lora_files'));

create policy objects_read_own on storage.objects for select to authenticated
using (bucket_id = 'training-data' and starts_with(name, (select auth.uid())::text || '/'));

-- No empty, '.' or '..' segment and no backslash may lead out of the user's folder.
create policy objects_insert_own on storage.objects for insert to authenticated
with check (
    bucket_id in ('image_uploads', 'training-data', 'lora_files')
    and starts_with(name, (select auth.uid())::text || '/') and name !~ '(^|/)\.{0,2}(/|$)|\\'
);

create policy objects_update_own on storage.objects for update to authenticated
using (
    bucket_id in ('image_uploads', 'training-data', 'lora_files')
    and starts_with(name, (select auth.uid())::text || '/')
)
with check (
    bucket_id in ('image_uploads', 'training-data', 'lora_files')
    and starts_with(name, (select auth.uid())::text || '/') and name !~ '(^|/)\.{0,2}(/|$)|\\'
);

create policy objects_delete_own on storage.objects for delete to authenticated
using (
    bucket_id in ('image_uploads', 'training-data', 'lora_files')
    and starts_with(name, (select auth.uid())::text || '/')
);
