-- faults_ground: the generations that stand in a shot, whose shot_data faults can be planted into.
select id::text as generation_id, shot_data::text as document
from public.generations
where jsonb_typeof(shot_data) = 'object' and shot_data <> '{}'
order by id
