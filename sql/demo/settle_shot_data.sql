-- settle_shot_data: where a run put back only some of a generation's rows, its shot_data is its links'.
-- takes: generations
update public.generations
set shot_data = expected.shot_data
from (
    select wanted.id, coalesce(jsonb_object_agg(shot.id, shot.frames) filter (where shot.id is not null), '{}')
    from unnest(%(generations)s::uuid[]) as wanted (id)
    left join (
        select generation_id, shot_id, jsonb_agg(timeline_frame order by timeline_frame nulls last)
        from public.shot_generations
        where generation_id = any (%(generations)s::uuid[])
        group by generation_id, shot_id
    ) as shot (generation_id, id, frames) on shot.generation_id = wanted.id
    group by wanted.id
) as expected (id, shot_data)
where generations.id = expected.id and generations.shot_data is distinct from expected.shot_data
