-- faults_shots: all shots, for entries of a shot that does not hold the generation.
select id::text as shot_id
from public.shots
order by id
