-- whole_shot: a shot and its links as stored with every column.
-- takes: shot_id
select
    to_jsonb(s)::text as shot,
    coalesce((
        select jsonb_agg(to_jsonb(l) order by l.id) from public.shot_generations as l where l.shot_id = s.id
    ), '[]')::text as links
from public.shots as s
where s.id = %(shot_id)s::uuid
