-- fingerprints: a number for each thing watched that changes with every insert, update and delete of its rows.
-- takes: shot_ids, generation_ids, project_ids, gallery_ids, of_all

-- By id and xmin: every update leaves a row of another transaction behind, with or without an updated_at.
-- A shot's number covers what it shows of its generations, too. A gallery's covers the generations of its project, with
-- their shot_data, their variants, and the shots; `of_all` is the id of the gallery of all projects, where one is watched.
with listed (id, generation_id, written) as (
    select g.project_id, g.id, g.xmin
    from public.generations as g
    where g.project_id = any (%(gallery_ids)s::uuid[])
    union all
    select %(of_all)s::uuid, g.id, g.xmin
    from public.generations as g
    where %(of_all)s::uuid is not null
),
seen (what, id, row_id, written) as (
    select 'shot_generations', l.shot_id, l.id, concat(l.xmin, ' ', g.xmin)
    from public.shot_generations as l
    left join public.generations as g on g.id = l.generation_id
    where l.shot_id = any (%(shot_ids)s::uuid[])
    union all
    select 'generation_variants', v.generation_id, v.id, v.xmin::text
    from public.generation_variants as v
    where v.generation_id = any (%(generation_ids)s::uuid[])
    union all
    select 'shots', s.project_id, s.id, s.xmin::text
    from public.shots as s
    where s.project_id = any (%(project_ids)s::uuid[])
    union all
    select 'generations', l.id, l.generation_id, l.written::text
    from listed as l
    union all
    select 'generations', l.id, v.id, v.xmin::text
    from listed as l
    join public.generation_variants as v on v.generation_id = l.generation_id
    union all
    select 'generations', s.project_id, s.id, s.xmin::text
    from public.shots as s
    where s.project_id = any (%(gallery_ids)s::uuid[])
    union all
    select 'generations', %(of_all)s::uuid, s.id, s.xmin::text
    from public.shots as s
    where %(of_all)s::uuid is not null
),
marked as (
    select what, id::text as id, sum(hashtextextended(concat(row_id, ' ', written), 0))::text as fingerprint
    from seen
    group by what, id
)
-- The snapshot comes also where nothing is left to be seen.
select now.snapshot::text as snapshot, marked.*
from pg_current_snapshot() as now (snapshot)
left join marked on true
