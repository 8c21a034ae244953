-- faults_0022_cycle: films that become the child of one of their children.
-- takes: seed, count
with chosen as (
    select id, child_id
    from (
        select p.id, (array_agg(c.id order by c.id))[1] as child_id
        from public.generations as p
        inner join public.generations as c on c.parent_generation_id = p.id
        where p.parent_generation_id is null
        group by p.id
    ) as film
    where true
    order by md5(concat(%(seed)s::text, id))
    limit %(count)s
),
turned as (
    update public.generations as g
    set parent_generation_id = chosen.child_id, is_child = true
    from chosen
    where g.id = chosen.id
)
select unnest(array[id, child_id])::text as key from chosen
