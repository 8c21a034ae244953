-- put_back_prompts: set values at these paths of a link's metadata, NULL takes one away; returns what is now stored.
-- takes: shot_id, id, paths, values
with recursive asked as (
    select step, path::text[] as path, value
    from unnest(%(paths)s::text[], %(values)s::jsonb[]) with ordinality as given (path, value, step)
),

steps as (
    select 0::bigint as step, l.metadata
    from public.shot_generations as l
    where l.id = %(id)s::uuid and l.shot_id = %(shot_id)s::uuid
    union all
    select asked.step, case
        when asked.value is null then steps.metadata #- asked.path
        else jsonb_set(steps.metadata, asked.path, asked.value)
    end
    from steps
    inner join asked on asked.step = steps.step + 1
)

update public.shot_generations as l
set metadata = steps.metadata, updated_at = clock_timestamp()
from steps
where l.id = %(id)s::uuid and steps.step = cardinality(%(paths)s::text[])
returning
    l.id::text as id,
    l.generation_id::text as generation_id,
    l.timeline_frame,
    l.metadata::text as metadata,
    l.updated_at,
    l.metadata = steps.metadata as kept
