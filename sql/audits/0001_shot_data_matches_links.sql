-- shot_data_matches_links: a generation's shot_data lists, for each of its shots, the frames of its links.
-- level: error
-- examines: generations
-- verdicts: malformed, missing, extra, miscounted, different, unordered, legacy_shape
--
-- Written over the relations of sql/flat/: one text for every engine, so portable words only.
-- Frames stand in ascending order, NULL last, duplicates kept.

-- place: where a frame belongs in the order, so that two lists of the same frames meet frame by frame.
with placed as (
    select
        project_id, generation_id, shot_id, ordinal, frame, kind, stored,
        row_number() over (
            partition by generation_id, shot_id order by frame asc nulls last, ordinal asc
        ) as place
    from stored_cells
),

pairs as (
    select
        coalesce(s.project_id, e.project_id) as project_id,
        coalesce(s.generation_id, e.generation_id) as generation_id,
        coalesce(s.shot_id, e.shot_id) as shot_id,
        s.kind,
        s.stored,
        e.expected,
        case when s.kind in ('frame', 'scalar') then 1 else 0 end as is_stored,
        case when e.ordinal is not null then 1 else 0 end as is_expected,
        case when s.frame is distinct from e.frame then 1 else 0 end as differs,
        case when s.kind = 'frame' and s.ordinal <> s.place then 1 else 0 end as displaced
    from placed as s
    full outer join expected_cells as e
        on s.generation_id = e.generation_id and s.shot_id = e.shot_id and s.place = e.ordinal
),

counted as (
    select
        project_id, generation_id, shot_id,
        max(stored) as stored,
        max(expected) as expected,
        sum(is_stored) as frames_stored,
        sum(is_expected) as frames_expected,
        sum(differs) as frames_differing,
        sum(displaced) as frames_displaced,
        sum(case when kind = 'odd' then 1 else 0 end) as odd,
        max(case when kind = 'key' then 1 else 0 end) as bad_key,
        max(case when kind = 'document' then 1 else 0 end) as bad_document,
        max(case when kind = 'scalar' then 1 else 0 end) as is_scalar
    from pairs
    group by project_id, generation_id, shot_id
),

-- The one place that decides; the first that fits is the verdict.
judged as (
    select
        c.*,
        case
            when c.bad_document = 1 or c.bad_key = 1 or c.odd > 0 then 'malformed'
            when c.frames_expected > 0 and c.frames_stored = 0 then 'missing'
            when c.frames_expected = 0 then 'extra'
            when c.frames_stored <> c.frames_expected then 'miscounted'
            when c.frames_differing > 0 then 'different'
            when c.frames_displaced > 0 then 'unordered'
            when c.is_scalar = 1 and r.arrays then 'legacy_shape'
        end as verdict,
        case when c.is_scalar = 1 and r.arrays then 1 else 0 end as is_legacy,
        max(c.bad_document) over (partition by c.generation_id) as in_bad_document
    from counted as c
    cross join rule as r
)

select
    j.verdict,
    case when j.shot_id is null then j.generation_id else concat(j.generation_id, '/', j.shot_id) end as key,
    j.project_id,
    j.shot_id,
    j.generation_id,
    cast(null as varchar(36)) as variant_id,
    j.stored,
    j.expected,
    concat(
        case
            when j.bad_document = 1 then 'shot_data is no object.'
            when j.bad_key = 1 then 'The key is no lower-case uuid.'
            when j.verdict = 'malformed' then concat('Elements that are no frame: ', j.odd, '.')
            when j.verdict = 'missing' then concat('Links: ', j.frames_expected, ', frames stored: none.')
            when j.verdict = 'extra' and s.shot_id is null then 'An entry of a shot that is not there.'
            when j.verdict = 'extra' then 'An entry of a shot that does not hold the generation.'
            when j.verdict = 'miscounted'
                then concat('Links: ', j.frames_expected, ', frames stored: ', j.frames_stored, '.')
            when j.verdict = 'different' then concat('Frames that differ: ', j.frames_differing, '.')
            when j.verdict = 'unordered' then 'The frames are right, their order is not.'
            else 'The frame is right, but a scalar where a list is the rule.'
        end,
        case when j.is_legacy = 1 and j.verdict <> 'legacy_shape' then ' It is also a scalar, no list.' else '' end
    ) as detail
from judged as j
left join shots as s on s.shot_id = j.shot_id
where j.verdict is not null
    -- That its links' entries are missing too goes without saying.
    and j.bad_document = j.in_bad_document
order by j.generation_id, j.shot_id asc nulls first
