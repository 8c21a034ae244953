-- type_fits_extension: a generation's type agrees with the extension of its file.
-- level: warning
-- examines: generations
-- verdicts: different
--
-- A type or an extension that says nothing contradicts nothing; neither does a placeholder without a file.
-- Of an address the last five letters tell: to spell all of it small would take twenty times as long.

with files as (
    select
        generation_id, project_id, type,
        translate(
            right(split_part(split_part(location, '?', 1), '#', 1), 5),
            'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'
        ) as ending
    from media
),

told as (
    select
        f.*,
        case
            when right(f.ending, 4) in ('.mp4', '.mov') or f.ending = '.webm' then 'video'
            when right(f.ending, 4) in ('.jpg', '.png', '.gif') or f.ending in ('.jpeg', '.webp', '.avif')
                then 'image'
        end as told_by_path,
        case
            when position('video' in f.type) > 0 then 'video'
            when position('image' in f.type) > 0 then 'image'
        end as told_by_type
    from files as f
)

select
    'different' as verdict,
    t.generation_id as key,
    t.project_id,
    cast(null as varchar(36)) as shot_id,
    t.generation_id,
    cast(null as varchar(36)) as variant_id,
    t.type as stored,
    t.told_by_path as expected,
    concat('By its type it is of the kind ', t.told_by_type, ', by its extension ', t.told_by_path, '.') as detail
from told as t
where t.told_by_type <> t.told_by_path
order by t.generation_id
