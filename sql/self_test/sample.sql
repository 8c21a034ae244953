-- sample: projects, chosen by the seed, that have about so many generations together; one at least.
-- takes: seed, generations
select id
from (
    select
        p.id::text as id,
        sum(held.generations) over (order by md5(concat(%(seed)s::text, p.id)), p.id) - held.generations as before
    from public.projects as p
    cross join lateral (select count(*) as generations from public.generations as g where g.project_id = p.id) as held
) as drawn
where before < %(generations)s
order by id
