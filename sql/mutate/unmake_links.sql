-- unmake_links: delete the links that triggers made for a shot just inserted, and the generations made with them.
-- takes: shot_id
with gone as (
    delete from public.shot_generations as l where l.shot_id = %(shot_id)s::uuid returning l.generation_id
)

delete from public.generations as g
using gone
where g.id = gone.generation_id and g.xmin = pg_current_xact_id()::xid
