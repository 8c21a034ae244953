-- duckdb: the relations over a snapshot that DuckDB writes in words of its own.
--
-- shot_data is text as PostgreSQL writes jsonb: one spelling, keys once, ', ' and ': ' between tokens. So a cell is
-- taken out as it stands, and is the same text as in PostgreSQL; DuckDB's own JSON would spell 0.10 or \u001f anew.

column_rights as (
    select table_name, column_name, true as may_read, false as is_partial
    from information_schema.columns
    where table_schema = 'public'
)

several as materialized (
    select generation_id
    from public.shot_generations
    where generation_id is not null
    group by generation_id
    having count(*) > 1
)

-- Most generations have one link or none: their documents are spelled at once, without the lists that cost most.
-- 50.0 equals 50. Only from frames can it be taken away so that a right document is left.
lone_suspects as materialized (
    select generation_id, project_id, stored, shot_id, timeline_frame
    from (
        select
            g.id as generation_id,
            g.project_id,
            coalesce(g.shot_data, '{}') as stored,
            l.shot_id,
            l.timeline_frame,
            case
                when l.shot_id is null then '{}'
                else concat('{"', l.shot_id, '": [', coalesce(cast(l.timeline_frame as varchar), 'null'), ']}')
            end as document
        from public.generations as g
        left join public.shot_generations as l on l.generation_id = g.id
        where g.id not in (select m.generation_id from several as m)
    ) as lone
    where stored <> document and regexp_replace(stored, '\.0+([],])', '\1', 'g') <> document
)

-- Where each shot holds a generation once, the right document has the cell of each of its links at a place of its own,
-- and is no longer than these. The places of 64 cells can be told apart, none being shorter than 45 characters with
-- its comma. Which of the others are right, and those with more, is left to the lists, which cost most.
several_apart as materialized (
    select generation_id
    from (
        select
            l.generation_id,
            l.cell,
            coalesce(g.shot_data, '{}') as stored,
            strpos(coalesce(g.shot_data, '{}'), l.cell) as place
        from (
            select
                generation_id,
                concat('"', shot_id, '": [', coalesce(cast(timeline_frame as varchar), 'null'), ']') as cell
            from public.shot_generations
            where generation_id in (select m.generation_id from several as m)
        ) as l
        inner join public.generations as g on g.id = l.generation_id
    ) as placed
    group by generation_id
    having min(place) = 0
        or bit_count(bit_or(cast(1 as ubigint) << ((place // 45) %% 64))) <> count(*)
        or max(strlen(stored)) <> sum(strlen(cell) + 2)
)

-- frames: the list of a cell's frames.
listed_cells as materialized (
    select l.generation_id, l.shot_id, list_sort(list(l.timeline_frame), 'ASC', 'NULLS LAST') as frames
    from public.shot_generations as l
    where l.generation_id in (select m.generation_id from several_apart as m)
    group by l.generation_id, l.shot_id
)

-- Spelled as PostgreSQL spells the right document. A cell begins with its shot: sorted, they stand by shot.
rebuilt as (
    select generation_id, concat('{', array_to_string(list_sort(list(cell)), ', '), '}') as document
    from (
        select
            generation_id,
            concat('"', shot_id, '": ', replace(cast(frames as varchar), 'NULL', 'null')) as cell
        from listed_cells
    ) as spelled
    group by generation_id
)

suspects as materialized (
    select project_id, generation_id, stored from lone_suspects
    union all
    select g.project_id, g.id as generation_id, coalesce(g.shot_data, '{}') as stored
    from rebuilt as r
    inner join public.generations as g on g.id = r.generation_id
    where coalesce(g.shot_data, '{}') <> r.document
        and regexp_replace(coalesce(g.shot_data, '{}'), '\.0+([],])', '\1', 'g') <> r.document
)

tokens as (
    select
        s.project_id,
        s.generation_id,
        token.place,
        case token.text when ',' then ', ' when ':' then ': ' else token.text end as text,
        case when token.text in ('{', '[') then 1 when token.text in ('}', ']') then -1 else 0 end as step
    from suspects as s
    cross join lateral unnest(
        regexp_extract_all(s.stored, '"(?:[^"\\]|\\.)*"|[][{}:,]|[^][{}:,"\s]+')
    ) with ordinality as token (text, place)
    where left(s.stored, 1) = '{'
)

-- depth: of brackets behind the token. Those of the document are 1, those of a list in it 2.
nested as (
    select *, sum(step) over (partition by generation_id order by place) as depth
    from tokens
)

-- entry counts the entries of the document, turn what stands in lists.
counted_tokens as materialized (
    select
        *,
        count(case when text = ', ' and depth = 1 then 1 end) over (partition by generation_id order by place) as entry,
        count(case when text = ', ' and depth = 2 then 1 end) over (partition by generation_id order by place) as turn
    from nested
)

spelled_entries as (
    select
        project_id, generation_id, entry,
        arg_min(text, place) as key,
        string_agg(text, '' order by place) as entry_text
    from counted_tokens
    where place > 1 and depth > 0 and not (text = ', ' and depth = 1)
    group by project_id, generation_id, entry
)

entries as materialized (
    select
        e.*,
        case
            when not regexp_full_match(e.shot_id, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}') then 'key'
            when left(e.value, 1) <> '[' then 'scalar'
            when e.value = '[]' then 'empty'
            else 'list'
        end as kind
    from (
        select
            project_id, generation_id, entry,
            json_extract_string(key, '$') as shot_id,
            substr(entry_text, length(key) + 3) as value
        from spelled_entries
    ) as e
    union all
    select project_id, generation_id, 0 as entry, null as shot_id, stored as value, 'document' as kind
    from suspects
    where left(stored, 1) <> '{'
)

listed as (
    select generation_id, entry, turn, string_agg(text, '' order by place) as element
    from counted_tokens
    -- Neither the brackets of the list nor the commas between its elements.
    where depth >= 2 and depth - step >= 2 and not (text = ', ' and depth = 2)
    group by generation_id, entry, turn
)

elements as (
    select
        *,
        -- A whole number too great for bigint is no frame either.
        case when regexp_full_match(element, '-?[0-9]+(\.0+)?') then try_cast(split_part(element, '.', 1) as bigint) end
            as whole
    from (
        select
            e.*,
            case when e.kind = 'list' then row_number() over (partition by e.generation_id, e.entry order by l.turn) else 0 end
                as ordinal,
            case when e.kind = 'list' then l.element else e.value end as element
        from entries as e
        left join listed as l on e.kind = 'list' and l.generation_id = e.generation_id and l.entry = e.entry
    ) as element
)

judged_elements as (
    select *, element = 'null' or coalesce(whole between -2147483648 and 2147483647, false) as is_frame
    from elements
)

stored_cells as (
    select
        project_id,
        generation_id,
        shot_id,
        cast(ordinal as integer) as ordinal,
        case when kind in ('list', 'scalar') and is_frame then cast(whole as integer) end as frame,
        case
            when kind in ('list', 'scalar') and not is_frame then 'odd'
            when kind = 'list' then 'frame'
            else kind
        end as kind,
        value as stored
    from judged_elements
)

cells as (
    select project_id, generation_id, shot_id, [timeline_frame] as frames
    from lone_suspects
    where shot_id is not null
    union all
    select s.project_id, s.generation_id, c.shot_id, c.frames
    from suspects as s
    inner join listed_cells as c on c.generation_id = s.generation_id
)

expected_cells as (
    select
        c.project_id,
        c.generation_id,
        c.shot_id,
        cast(element.ordinal as integer) as ordinal,
        element.frame,
        replace(cast(c.frames as varchar), 'NULL', 'null') as expected
    from cells as c
    cross join lateral unnest(c.frames) with ordinality as element (frame, ordinal)
)

-- Two documents are equal where their texts are, but for zeros at the end of a fraction: 1.50 equals 1.5, 1.0 equals 1.
-- A text in quotes is taken as it is.
params_apart as (
    select v.id as variant_id, g.id as generation_id, g.project_id
    from public.generations as g
    inner join public.generation_variants as v on v.generation_id = g.id and v.is_primary
    left join public.generation_variants as o on o.generation_id = g.id and o.is_primary and o.id <> v.id
    where o.id is null and v.params is distinct from g.params
        and regexp_replace(v.params, '("(?:[^"\\]|\\.)*")|(\.[0-9]*[1-9])0*|\.0+', '\1\2', 'g')
        is distinct from regexp_replace(g.params, '("(?:[^"\\]|\\.)*")|(\.[0-9]*[1-9])0*|\.0+', '\1\2', 'g')
)

-- One id in older databases, a list of them in newer ones: both are read as text.
dependencies as (
    select t.id as task_id, t.project_id, needed.id as needed_id
    from public.tasks as t
    cross join lateral unnest(string_split(trim(cast(t.dependant_on as varchar), '[]'), ', ')) as needed (id)
    where needed.id not in ('', 'NULL')
)
