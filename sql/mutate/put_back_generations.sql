-- put_back_generations: insert generations as they were, but for what their primary variants will show.
-- takes: rows
insert into public.generations
select g.* from jsonb_populate_recordset(null::public.generations, %(rows)s::jsonb) as g
