-- paths_under_owner: a file in our buckets is below the id of the project's owner.
-- level: warning
-- examines: generations
-- verdicts: foreign, unsafe
--
-- What was copied from another user's share stays where it was. The token of a signed address is never shown.

with stored_files as (
    select
        a.*,
        split_part(a.address, '?', 1) as plain,
        -- '<access>/<bucket>/<user>/...'
        split_part(split_part(split_part(a.address, '?', 1), '#', 1), '/storage/v1/object/', 2) as path
    from addresses as a
),

judged as (
    select
        f.*,
        o.user_id,
        case
            when split_part(f.path, '/', 2) not in ('image_uploads', 'training-data', 'lora_files') then null
            when position('//' in f.path) > 0 or position('/./' in concat(f.path, '/')) > 0
                or position('/../' in concat(f.path, '/')) > 0 or position(chr(92) in f.path) > 0 then 'unsafe'
            when split_part(f.path, '/', 3) <> o.user_id and not f.is_shared then 'foreign'
        end as verdict
    from stored_files as f
    inner join project_owners as o on o.project_id = f.project_id
)

select
    j.verdict,
    j.place as key,
    j.project_id,
    cast(null as varchar(36)) as shot_id,
    j.generation_id,
    j.variant_id,
    j.plain as stored,
    j.user_id as expected,
    case j.verdict
        when 'unsafe' then 'The path has an empty, a dot or a dot-dot segment, or a backslash.'
        else 'The path is not below the id of the owner of the project.'
    end as detail
from judged as j
where j.verdict is not null
order by j.place
