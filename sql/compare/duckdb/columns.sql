-- columns: the columns of a snapshot's tables; all else is in its manifest.
select
    table_name,
    column_name,
    '' as type,
    data_type as base,
    true as may_read,
    false as is_partial,
    0 as about_rows
from information_schema.columns
where table_schema = 'public'
order by table_name, ordinal_position
