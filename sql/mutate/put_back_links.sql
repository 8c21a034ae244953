-- put_back_links: insert the links of a shot as they were.
-- takes: rows
insert into public.shot_generations
select l.* from jsonb_populate_recordset(null::public.shot_generations, %(rows)s::jsonb) as l
