-- faults_0025_gone: segments whose link is not there.
-- takes: seed, count
-- triggers: off
with chosen as (
    select g.id as id
    from public.generations as g
    where exists (
        select from public.shot_generations as l
        inner join public.shot_generations as film on film.shot_id = l.shot_id
        where l.id = g.pair_shot_generation_id and l.timeline_frame >= 0 and film.generation_id = g.parent_generation_id
    )
    order by md5(concat(%(seed)s::text, g.id))
    limit %(count)s
)
update public.generations as g
set pair_shot_generation_id = md5(concat(%(seed)s::text, g.id))::uuid
from chosen
where g.id = chosen.id
returning g.id::text as key
