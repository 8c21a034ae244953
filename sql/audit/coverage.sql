-- coverage: how many rows the audits saw: those this connection may see.
select
    (select count(*) from public.generations) as generations,
    (select count(*) from public.shot_generations) as links
