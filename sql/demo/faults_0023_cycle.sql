-- faults_0023_cycle: origins that become based on what is based on them.
-- takes: seed, count
with chosen as (
    select id, edit_id
    from (
        select o.id, (array_agg(e.id order by e.id))[1] as edit_id
        from public.generations as o
        inner join public.generations as e on e.based_on = o.id
        where o.based_on is null
        group by o.id
    ) as origin
    where true
    order by md5(concat(%(seed)s::text, id))
    limit %(count)s
),
turned as (
    update public.generations as g
    set based_on = chosen.edit_id
    from chosen
    where g.id = chosen.id
)
select unnest(array[id, edit_id])::text as key from chosen
