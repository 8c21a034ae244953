-- ground: a project with a user, with shots and generations; no trigger acts on these.
-- takes: user_id, project_id, shot_ids, generation_ids
with made_user as (
    insert into public.users (id) values (%(user_id)s::uuid) on conflict do nothing
),

made_project as (
    insert into public.projects (id, name, user_id) values (%(project_id)s::uuid, 'proof', %(user_id)s::uuid)
    on conflict do nothing
),

made_shots as (
    insert into public.shots (id, name, project_id)
    select shot.id, 'proof', %(project_id)s::uuid from unnest(%(shot_ids)s::uuid[]) as shot (id)
)

insert into public.generations (id, project_id, type, shot_data)
select generation.id, %(project_id)s::uuid, 'image', '{}' from unnest(%(generation_ids)s::uuid[]) as generation (id)
