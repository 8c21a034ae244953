-- swap: let two links change places, in one UPDATE.
-- takes: id, other_id
update public.shot_generations as l
set timeline_frame = o.timeline_frame
from public.shot_generations as o
where (l.id, o.id) in ((%(id)s::uuid, %(other_id)s::uuid), (%(other_id)s::uuid, %(id)s::uuid))
