-- spoil_shot_data: give each of these generations its document; returns those that now hold it.
-- takes: generation_ids, documents
update public.generations as g
set shot_data = new.document
from unnest(%(generation_ids)s::uuid[], %(documents)s::jsonb[]) as new (generation_id, document)
where g.id = new.generation_id
returning g.id::text as generation_id, g.shot_data is not distinct from new.document as stored
