-- postgres: shot_data and the links as plain rows, for the audits to compare.
--
-- Common table expressions, not views: an audit runs in a read-only transaction. All ids are text.
--   stored_cells    (project_id, generation_id, shot_id, ordinal, frame, kind, stored)
--   expected_cells  (project_id, generation_id, shot_id, ordinal, frame, expected)
--   shots           (shot_id)
--   rule            (arrays)          one row: are lists the rule in shot_data, or scalars?
--
-- A cell is one key of one document. `stored_cells` has a row for each element of its list, `expected_cells` one for
-- each link of the generation in the shot: ordinal from 1, ascending by frame, NULL last. `stored` and `expected` are
-- the whole cell as JSON text. What has no elements has one row of ordinal 0, or its fault would vanish here.
-- `kind` is one of
--   frame      a whole number of int4, or null, in a list
--   scalar     the same in place of a list
--   empty      a list without elements
--   odd        an element, or what stands in place of a list, that is no frame
--   key        of a key that is no lower-case uuid; the key stands in shot_id
--   document   the document is no object; shot_id is NULL
-- Generations whose document equals the one rebuilt from their links have no difference to tell and are left out:
-- comparing whole documents first is what makes the audit cheap.

rebuilt as (
    select generation_id, jsonb_object_agg(shot_id, frames) as document
    from (
        select
            generation_id,
            shot_id,
            jsonb_agg(timeline_frame order by timeline_frame nulls last) as frames
        from public.shot_generations
        group by generation_id, shot_id
    ) as cell
    group by generation_id
),

-- {} and NULL both say 'in no shot'.
suspects as materialized (
    select
        g.id::text as generation_id,
        g.project_id::text as project_id,
        coalesce(g.shot_data, '{}') as stored,
        coalesce(r.document, '{}') as expected
    from public.generations as g
    left join rebuilt as r on r.generation_id = g.id
    where coalesce(g.shot_data, '{}') is distinct from coalesce(r.document, '{}')
),

entries as materialized (
    select
        s.project_id,
        s.generation_id,
        case when jsonb_typeof(s.stored) = 'object' then entry.key end collate "C" as shot_id,
        entry.value,
        case
            when jsonb_typeof(s.stored) <> 'object' then 'document'
            when entry.key !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then 'key'
            when jsonb_typeof(entry.value) <> 'array' then 'scalar'
            when entry.value = '[]' then 'empty'
            else 'list'
        end as kind
    from suspects as s
    cross join lateral jsonb_each(
        -- jsonb_each raises on what is no object.
        case jsonb_typeof(s.stored) when 'object' then s.stored else jsonb_build_object('', s.stored) end
    ) as entry
),

elements as materialized (
    select
        e.*,
        element.ordinality::int as ordinal,
        element.value as element,
        -- 50.0 and 1e2 are whole. CASE, because AND promises no order and the casts raise.
        case jsonb_typeof(element.value)
            when 'null' then true
            when 'number' then
                trunc(element.value::numeric) = element.value::numeric
                and element.value::numeric between -2147483648 and 2147483647
            else false
        end as is_frame
    from entries as e
    cross join lateral jsonb_array_elements(
        -- jsonb_array_elements raises on a scalar and drops the row of an empty list: all but lists is wrapped.
        case e.kind when 'list' then e.value else jsonb_build_array(e.value) end
    ) with ordinality as element (value, ordinality)
),

stored_cells as (
    select
        project_id,
        generation_id,
        shot_id,
        case when kind = 'list' then ordinal else 0 end as ordinal,
        case when kind in ('list', 'scalar') and is_frame and element <> 'null' then element::int end as frame,
        case
            when kind in ('list', 'scalar') and not is_frame then 'odd'
            when kind = 'list' then 'frame'
            else kind
        end as kind,
        value::text as stored
    from elements
),

expected_cells as (
    select
        s.project_id,
        s.generation_id,
        entry.key as shot_id,
        element.ordinality::int as ordinal,
        nullif(element.value, 'null')::int as frame,
        entry.value::text as expected
    from suspects as s
    cross join lateral jsonb_each(s.expected) as entry
    cross join lateral jsonb_array_elements(entry.value) with ordinality as element (value, ordinality)
),

shots as (
    select id::text as shot_id from public.shots
),

cell_shapes as not materialized (
    select jsonb_typeof(entry.value) as shape
    from public.generations as g
    cross join lateral jsonb_each(
        case jsonb_typeof(g.shot_data) when 'object' then g.shot_data else '{}' end
    ) as entry
),

rule as materialized (
    -- A schema that shotkit made writes lists. pg_class, because to_regclass raises where one may not look.
    select
        exists (
            select from pg_class as c
            inner join pg_namespace as n on n.oid = c.relnamespace
            where n.nspname = 'shotkit' and c.relname = 'migrations'
        )
        or exists (select from cell_shapes where shape = 'array')
        or not exists (select from cell_shapes)
        as arrays
)
