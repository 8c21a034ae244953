-- trace: those of these changes that have left a trace: a row whose id is the operation's, or a link that names it.
-- takes: op_ids, shot_ids
select w.op_id::text as op_id
from unnest(%(op_ids)s::uuid[]) as w (op_id)
where exists (select from public.shots as s where s.id = w.op_id)
    or exists (select from public.shot_generations as l where l.id = w.op_id)
    or exists (select from public.generation_variants as v where v.id = w.op_id)
    or exists (
        select from public.shot_generations as l
        where l.shot_id = any(%(shot_ids)s::uuid[]) and l.metadata ->> 'drag_session_id' = w.op_id::text
    )
order by w.op_id
