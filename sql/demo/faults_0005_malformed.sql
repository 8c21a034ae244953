-- faults_0005_malformed: links whose metadata becomes a text of JSON.
-- takes: seed, count
with chosen as (
    select id
    from public.shot_generations
    where metadata is null or jsonb_typeof(metadata) = 'object'
    order by md5(concat(%(seed)s::text, id))
    limit %(count)s
)
update public.shot_generations as l
set metadata = to_jsonb(coalesce(metadata, '{}')::text)
from chosen
where l.id = chosen.id
returning l.id::text as key
