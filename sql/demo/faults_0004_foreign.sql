-- faults_0004_foreign: links of a shot to another project's generation, told in its shot_data.
-- takes: seed, count
-- triggers: off
with chosen as (
    select g.id as id, g.project_id
    from public.generations as g
    where exists (select from public.shots as s where s.project_id <> g.project_id)
    order by md5(concat(%(seed)s::text, g.id))
    limit %(count)s
),
linked as (
    insert into public.shot_generations (shot_id, generation_id)
    select (select id from public.shots where project_id <> chosen.project_id order by id limit 1), id
    from chosen
    returning id, shot_id, generation_id
),
told as (
    update public.generations as g
    set shot_data = coalesce(g.shot_data, '{}') || jsonb_build_object(
        linked.shot_id, coalesce(g.shot_data -> linked.shot_id::text, '[]') || '[null]'
    )
    from linked
    where g.id = linked.generation_id
)
select id::text as key from linked
