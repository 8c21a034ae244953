-- phase_one: display rows of one shot out of shot_data; generations alone, no params.
-- takes: shot_id
select
    g.id as generation_id,
    g.location,
    coalesce(nullif(g.thumbnail_url, ''), g.location) as thumbnail_url,
    coalesce(g.type, 'image') as type,
    g.name,
    g.starred,
    g.created_at,
    g.based_on,
    g.parent_generation_id,
    g.is_child,
    g.child_order,
    g.primary_variant_id,
    cast(g.cell as varchar) as cell
from (
    select *, json_extract(shot_data, '$."' || %(shot_id)s::varchar || '"') as cell
    from public.generations
    -- Most rows are of other shots: finding the id as text is cheaper than reading the document.
    where contains(shot_data, %(shot_id)s::varchar) and json_type(shot_data) = 'OBJECT'
) as g
where g.cell is not null
