-- shot_data_matches_links: where shot_data of these generations is not what their links say, and what they say.
-- takes: generation_ids, arrays
--
-- jsonb against jsonb: 50.0 equals 50, the order of keys is none, and {} equals NULL; what is equal is not written.
-- The document, which may be of megabytes, stands in the first row of a generation alone.
with frames as (
    select
        l.generation_id,
        l.shot_id,
        jsonb_agg(l.timeline_frame order by l.timeline_frame nulls last) as list
    from public.shot_generations as l
    where l.generation_id = any(%(generation_ids)s::uuid[])
    group by l.generation_id, l.shot_id
),

rebuilt as (
    select
        w.id,
        coalesce(jsonb_object_agg(f.shot_id, f.list) filter (where f.list is not null), '{}') as lists,
        coalesce(
            jsonb_object_agg(f.shot_id, case when %(arrays)s then f.list else f.list -> 0 end)
                filter (where f.list is not null),
            '{}'
        ) as document,
        not %(arrays)s and coalesce(bool_or(jsonb_array_length(f.list) > 1), false) as beyond_scalars
    from unnest(%(generation_ids)s::uuid[]) as w (id)
    left join frames as f on f.generation_id = w.id
    group by w.id
),

suspects as (
    select g.id, g.shot_data as stored, coalesce(g.shot_data, '{}') as held, r.lists, r.document, r.beyond_scalars
    from rebuilt as r
    inner join public.generations as g on g.id = r.id
    where coalesce(g.shot_data, '{}') is distinct from r.document or r.beyond_scalars
),

apart as (
    select s.id, concat(s.id, '/', cell.shot_id) as key, cell.stored, cell.expected
    from suspects as s
    cross join lateral (
        select coalesce(held.key, due.key) as shot_id, held.value as stored, due.value as expected
        from jsonb_each(case jsonb_typeof(s.held) when 'object' then s.held else '{}' end) as held
        full join jsonb_each(s.lists) as due on due.key = held.key
    ) as cell
    where jsonb_typeof(s.held) = 'object'
        and cell.stored is distinct from cell.expected
        and (%(arrays)s or cell.stored is null or cell.expected is distinct from jsonb_build_array(cell.stored))
    union all
    select s.id, s.id::text, s.held, null
    from suspects as s
    where jsonb_typeof(s.held) <> 'object'
)

select
    s.id::text as generation_id,
    a.key,
    a.stored::text as found_stored,
    a.expected::text as found_expected,
    'generations' as table_name,
    s.id::text as id,
    'shot_data' as column_name,
    case when a.is_first then s.stored::text end as stored,
    case when a.is_first then s.document::text end as expected,
    case
        when s.beyond_scalars
            then 'a shot holds it twice, and shot_data has scalars here, which say one frame a shot; migrate it to lists'
    end as refused
from suspects as s
inner join (
    select apart.*, row_number() over (partition by apart.id order by apart.key) = 1 as is_first from apart
) as a on a.id = s.id
order by s.id, a.key
