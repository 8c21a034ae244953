-- postgres: the tables as plain rows, for the audits to compare.
--
-- Common table expressions, not views: an audit runs in a read-only transaction. A relation opens with its name in the
-- first column and ends with `)` there; an audit is set over those that its text names, and over what these name.
-- `reads` names the tables and columns a relation needs: where one is missing, the audits over it are skipped. So a
-- relation is no wider than what belongs together.
--
-- All ids are text, in the order of their bytes. JSON is told by its kind, never shown: 'object', 'array', 'string',
-- 'number', 'boolean', 'null'. `not materialized`, because a relation named twice would else be kept with all columns.

-- column_rights  (table_name, column_name, may_read, is_partial)        the columns of the public tables
--
-- `is_partial`: row level security shows this user a part of the rows at most.
column_rights as not materialized (
    select
        c.relname::text as table_name,
        a.attname::text as column_name,
        has_column_privilege(c.oid, a.attnum, 'select') as may_read,
        row_security_active(c.oid) as is_partial
    from pg_catalog.pg_attribute as a
    inner join pg_catalog.pg_class as c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'v', 'm', 'f')
    where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'public')
        and a.attnum > 0 and not a.attisdropped
)

-- shot_data and the links, cell by cell:
--   stored_cells    (project_id, generation_id, shot_id, ordinal, frame, kind, stored)
--   expected_cells  (project_id, generation_id, shot_id, ordinal, frame, expected)
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

-- Spelled as PostgreSQL spells the right document where no shot holds the generation twice: half the time of jsonb.
-- Ordered in the source, which servers before 16 sort once so, and not for each generation anew.
-- reads: shot_generations(generation_id, shot_id, timeline_frame)
spelled as (
    select
        generation_id,
        '{'
        || string_agg('"' || shot_id::text || '": [' || coalesce(timeline_frame::text, 'null') || ']', ', ')
        || '}' as document
    from (
        select generation_id, shot_id, timeline_frame
        from public.shot_generations
        order by generation_id, shot_id, timeline_frame
    ) as link
    group by generation_id
)

-- No key stands twice in jsonb, so that of one text are equal documents alone. The others are compared once more.
-- {} and NULL both say 'in no shot'.
-- reads: generations(id, project_id, shot_data)
unlike as materialized (
    select g.id, g.project_id, coalesce(g.shot_data, '{}') as stored
    from public.generations as g
    left join spelled as s on s.generation_id = g.id
    where coalesce(g.shot_data::text, '{}') <> coalesce(s.document, '{}')
)

rebuilt as (
    select generation_id, jsonb_object_agg(shot_id, frames) as document
    from (
        select
            generation_id,
            shot_id,
            jsonb_agg(timeline_frame order by timeline_frame nulls last) as frames
        from public.shot_generations
        where generation_id in (select u.id from unlike as u)
        group by generation_id, shot_id
    ) as cell
    group by generation_id
)

suspects as materialized (
    select
        u.id::text as generation_id,
        u.project_id::text as project_id,
        u.stored,
        coalesce(r.document, '{}') as expected
    from unlike as u
    left join rebuilt as r on r.generation_id = u.id
    where u.stored is distinct from coalesce(r.document, '{}')
)

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
)

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
)

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
)

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
)

-- reads: generations(shot_data)
cell_shapes as not materialized (
    select jsonb_typeof(entry.value) as shape
    from public.generations as g
    cross join lateral jsonb_each(
        case jsonb_typeof(g.shot_data) when 'object' then g.shot_data else '{}' end
    ) as entry
)

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

-- links          (link_id, shot_id, generation_id, frame)
-- reads: shot_generations(id, shot_id, generation_id, timeline_frame)
links as not materialized (
    select
        id::text collate "C" as link_id,
        shot_id::text collate "C" as shot_id,
        generation_id::text collate "C" as generation_id,
        timeline_frame as frame
    from public.shot_generations
)

-- link_metadata  (link_id, shot_id, generation_id, kind)      kind is NULL without metadata
-- reads: shot_generations(id, shot_id, generation_id, metadata)
link_metadata as not materialized (
    select
        id::text collate "C" as link_id,
        shot_id::text collate "C" as shot_id,
        generation_id::text collate "C" as generation_id,
        jsonb_typeof(metadata) as kind
    from public.shot_generations
)

-- shots          (shot_id, project_id)
-- reads: shots(id, project_id)
shots as not materialized (
    select id::text collate "C" as shot_id, project_id::text collate "C" as project_id from public.shots
)

-- shot_positions (shot_id, project_id, place)
-- reads: shots(id, project_id, position)
shot_positions as not materialized (
    select id::text collate "C" as shot_id, project_id::text collate "C" as project_id, position as place
    from public.shots
)

-- generations    (generation_id, project_id)
-- reads: generations(id, project_id)
generations as not materialized (
    select id::text collate "C" as generation_id, project_id::text collate "C" as project_id from public.generations
)

-- media          (generation_id, project_id, type, location)
-- reads: generations(id, project_id, type, location)
media as not materialized (
    select id::text collate "C" as generation_id, project_id::text collate "C" as project_id, type, location
    from public.generations
)

-- lineage        (generation_id, project_id, origin_id)
-- reads: generations(id, project_id, based_on)
lineage as not materialized (
    select
        id::text collate "C" as generation_id,
        project_id::text collate "C" as project_id,
        based_on::text collate "C" as origin_id
    from public.generations
    where based_on is not null
)

-- family         (generation_id, project_id, parent_id, is_child, child_order)
-- reads: generations(id, project_id, parent_generation_id, is_child, child_order)
family as not materialized (
    select
        id::text collate "C" as generation_id,
        project_id::text collate "C" as project_id,
        parent_generation_id::text collate "C" as parent_id,
        is_child,
        child_order
    from public.generations
    where parent_generation_id is not null or is_child
)

-- segments       (generation_id, project_id, parent_id, link_id)       those that start from a link
-- reads: generations(id, project_id, parent_generation_id, pair_shot_generation_id)
segments as not materialized (
    select
        id::text collate "C" as generation_id,
        project_id::text collate "C" as project_id,
        parent_generation_id::text collate "C" as parent_id,
        pair_shot_generation_id::text collate "C" as link_id
    from public.generations
    where pair_shot_generation_id is not null
)

-- shown          (generation_id, project_id, location, thumbnail_url, name)       what a generation shows
--                a name without the token of an address in it: a snapshot keeps none
-- reads: generations(id, project_id, location, thumbnail_url, name)
shown as not materialized (
    select
        id::text collate "C" as generation_id,
        project_id::text collate "C" as project_id,
        location,
        thumbnail_url,
        regexp_replace(name, '([?&]token=)[^"''&#\\ \t\n\r\f]*', '\1', 'g') as name
    from public.generations
)

-- pointers       (generation_id, project_id, variant_id)               primary_variant_id, or NULL
-- reads: generations(id, project_id, primary_variant_id)
pointers as not materialized (
    select
        id::text collate "C" as generation_id,
        project_id::text collate "C" as project_id,
        primary_variant_id::text collate "C" as variant_id
    from public.generations
)

-- variants       (variant_id, generation_id, is_primary)
-- reads: generation_variants(id, generation_id, is_primary)
variants as not materialized (
    select id::text collate "C" as variant_id, generation_id::text collate "C" as generation_id, is_primary
    from public.generation_variants
)

-- variant_homes  (variant_id, generation_id, project_id)
-- reads: generation_variants(id, generation_id, project_id)
variant_homes as not materialized (
    select
        id::text collate "C" as variant_id,
        generation_id::text collate "C" as generation_id,
        project_id::text collate "C" as project_id
    from public.generation_variants
)

-- variant_types  (variant_id, generation_id, type)
-- reads: generation_variants(id, generation_id, variant_type)
variant_types as not materialized (
    select id::text collate "C" as variant_id, generation_id::text collate "C" as generation_id, variant_type as type
    from public.generation_variants
)

-- sole_primaries (variant_id, generation_id, location, thumbnail_url, name)       where there is exactly one
-- reads: generation_variants(id, generation_id, is_primary, location, thumbnail_url, name)
sole_primaries as not materialized (
    select
        id::text collate "C" as variant_id,
        generation_id::text collate "C" as generation_id,
        location,
        thumbnail_url,
        regexp_replace(name, '([?&]token=)[^"''&#\\ \t\n\r\f]*', '\1', 'g') as name
    from (
        select id, generation_id, location, thumbnail_url, name, count(*) over (partition by generation_id) as primaries
        from public.generation_variants
        where is_primary
    ) as primary_variant
    where primaries = 1
)

-- params_apart   (variant_id, generation_id, project_id)    the sole primaries with other params than their generation's
--                a new signed token is no difference; a snapshot keeps none
-- reads: generations(id, project_id, params), generation_variants(id, generation_id, is_primary, params)
params_apart as not materialized (
    select
        v.id::text collate "C" as variant_id,
        g.id::text collate "C" as generation_id,
        g.project_id::text collate "C" as project_id
    from public.generations as g
    inner join public.generation_variants as v on v.generation_id = g.id and v.is_primary
    left join public.generation_variants as o on o.generation_id = g.id and o.is_primary and o.id <> v.id
    where o.id is null and v.params is distinct from g.params
        and regexp_replace(v.params::text, '([?&]token=)[^"''&#\\ \t\n\r\f]*', '\1', 'g')::jsonb
        is distinct from regexp_replace(g.params::text, '([?&]token=)[^"''&#\\ \t\n\r\f]*', '\1', 'g')::jsonb
)

-- project_owners (project_id, user_id)
-- reads: projects(id, user_id)
project_owners as not materialized (
    select id::text collate "C" as project_id, user_id::text collate "C" as user_id from public.projects
)

-- addresses      (place, project_id, generation_id, variant_id, is_shared, address)
--                place says table, row and column; a shared one was copied from another user
-- reads: generations(id, project_id, location, thumbnail_url, copied_from_share), tasks(id, project_id, output_location)
-- reads: generation_variants(id, generation_id, location, thumbnail_url)
addresses as not materialized (
    select
        concat('generations/', g.id, '/', media.name) collate "C" as place,
        g.project_id::text collate "C" as project_id,
        g.id::text collate "C" as generation_id,
        null as variant_id,
        g.copied_from_share is not null as is_shared,
        media.address
    from public.generations as g
    cross join lateral (values ('location', g.location), ('thumbnail_url', g.thumbnail_url)) as media (name, address)
    where media.address is not null
    union all
    select
        concat('generation_variants/', v.id, '/', media.name) collate "C",
        g.project_id::text collate "C",
        g.id::text collate "C",
        v.id::text collate "C",
        g.copied_from_share is not null,
        media.address
    from public.generation_variants as v
    inner join public.generations as g on g.id = v.generation_id
    cross join lateral (values ('location', v.location), ('thumbnail_url', v.thumbnail_url)) as media (name, address)
    where media.address is not null
    union all
    select
        concat('tasks/', id, '/output_location') collate "C", project_id::text collate "C", null, null, false, output_location
    from public.tasks
    where output_location is not null
)

-- users          (user_id, credits)
-- reads: users(id, credits)
users as not materialized (
    select id::text collate "C" as user_id, credits from public.users
)

-- ledger         (user_id, task_id, amount, type)
-- reads: credits_ledger(user_id, task_id, amount, type)
ledger as not materialized (
    select
        user_id::text collate "C" as user_id,
        task_id::text collate "C" as task_id,
        amount,
        type::text as type
    from public.credits_ledger
)

-- tasks          (task_id, project_id)
-- reads: tasks(id, project_id)
tasks as not materialized (
    select id::text collate "C" as task_id, project_id::text collate "C" as project_id from public.tasks
)

-- complete_tasks (task_id, project_id, type, output)
-- reads: tasks(id, project_id, task_type, status, output_location)
complete_tasks as not materialized (
    select
        id::text collate "C" as task_id,
        project_id::text collate "C" as project_id,
        task_type as type,
        output_location as output
    from public.tasks
    where status::text = 'Complete'
)

-- dependencies   (task_id, project_id, needed_id)
-- reads: tasks(id, project_id, dependant_on)
dependencies as not materialized (
    select
        t.id::text collate "C" as task_id,
        t.project_id::text collate "C" as project_id,
        needed.id collate "C" as needed_id
    from public.tasks as t
    -- One uuid in older databases, an array of them in newer ones: both are read as text.
    cross join lateral unnest(string_to_array(btrim(t.dependant_on::text, '{}'), ',', 'NULL')) as needed (id)
    where needed.id is not null
)

-- The guards, out of the catalogs of a live server:

-- triggers       (table_name, event, trigger_name, function_name, tells_shot_data, is_enabled)    one row an event
-- reads: shot_generations(id), generations(id), generation_variants(id)
triggers as not materialized (
    select
        c.relname::text collate "C" as table_name,
        event.name as event,
        t.tgname::text collate "C" as trigger_name,
        p.proname::text as function_name,
        position('shot_data' in p.prosrc) > 0 as tells_shot_data,
        t.tgenabled in ('O', 'A') as is_enabled
    from pg_catalog.pg_trigger as t
    inner join pg_catalog.pg_class as c on c.oid = t.tgrelid
    inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = 'public'
    inner join pg_catalog.pg_proc as p on p.oid = t.tgfoid
    inner join (values ('insert', 4), ('delete', 8), ('update', 16)) as event (name, bit) on t.tgtype & event.bit <> 0
    where not t.tgisinternal
)

-- indexes        (table_name, index_name, columns, method, operators, condition, is_unique, is_valid)
-- reads: generations(shot_data), generation_variants(generation_id, is_primary)
indexes as not materialized (
    select
        c.relname::text collate "C" as table_name,
        i.relname::text collate "C" as index_name,
        (
            select string_agg(pg_catalog.pg_get_indexdef(x.indexrelid, number, false), ', ' order by number)
            from generate_series(1, x.indnkeyatts) as number
        ) as columns,
        m.amname::text as method,
        (select o.opcname::text from pg_catalog.pg_opclass as o where o.oid = x.indclass[0]) as operators,
        pg_catalog.pg_get_expr(x.indpred, x.indrelid) as condition,
        x.indisunique as is_unique,
        x.indisvalid and x.indisready as is_valid
    from pg_catalog.pg_index as x
    inner join pg_catalog.pg_class as i on i.oid = x.indexrelid
    inner join pg_catalog.pg_am as m on m.oid = i.relam
    inner join pg_catalog.pg_class as c on c.oid = x.indrelid
    inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = 'public'
)

-- core_tables    (table_name, is_secured)        is row level security on?
core_tables as not materialized (
    select c.relname::text collate "C" as table_name, c.relrowsecurity as is_secured
    from pg_catalog.pg_class as c
    inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = 'public'
    where c.relkind in ('r', 'p') and c.relname in (
        'users', 'projects', 'shots', 'shot_generations', 'generations', 'generation_variants', 'tasks', 'credits_ledger'
    )
)

-- policies       (table_name, policy_name, says)        says: all that a policy says, in one text
policies as not materialized (
    select
        c.relname::text collate "C" as table_name,
        p.polname::text collate "C" as policy_name,
        concat_ws(
            ' / ', p.polpermissive, p.polcmd, p.polroles::text,
            pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
        ) as says
    from pg_catalog.pg_policy as p
    inner join pg_catalog.pg_class as c on c.oid = p.polrelid
    inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = 'public'
)
