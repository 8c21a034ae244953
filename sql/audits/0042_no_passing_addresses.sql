-- no_passing_addresses: no address is of a browser's memory or of an unfinished upload.
-- level: error
-- examines: generations
-- verdicts: blob, temporary

with told as (
    select
        a.*,
        split_part(a.address, '?', 1) as plain,
        case
            when translate(left(a.address, 5), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz') = 'blob:'
                then 'blob'
            when left(a.address, 5) = 'temp-' or position('/temp-' in split_part(a.address, '?', 1)) > 0 then 'temporary'
        end as verdict
    from addresses as a
)

select
    t.verdict,
    t.place as key,
    t.project_id,
    cast(null as varchar(36)) as shot_id,
    t.generation_id,
    t.variant_id,
    t.plain as stored,
    cast(null as varchar(20)) as expected,
    case t.verdict
        when 'blob' then 'An address of one browser page: nobody else ever saw the file.'
        else 'An address of an upload that was never put in its place.'
    end as detail
from told as t
where t.verdict is not null
order by t.place
