-- generation_shows_primary: a generation's location, thumbnail_url and name are its primary variant's.
-- level: error
-- examines: generations
-- verdicts: different
--
-- An address counts up to its first '?': a new signed token is no new picture, and a token is never shown.

with pairs as (
    select
        g.generation_id,
        g.project_id,
        v.variant_id,
        split_part(g.location, '?', 1) as location,
        split_part(v.location, '?', 1) as expected_location,
        split_part(g.thumbnail_url, '?', 1) as thumbnail_url,
        split_part(v.thumbnail_url, '?', 1) as expected_thumbnail_url,
        g.name,
        v.name as expected_name
    from shown as g
    inner join sole_primaries as v on v.generation_id = g.generation_id
),

apart as (
    select p.*, 'location' as place, p.location as stored, p.expected_location as expected
    from pairs as p
    where p.location is distinct from p.expected_location
    union all
    select p.*, 'thumbnail_url' as place, p.thumbnail_url as stored, p.expected_thumbnail_url as expected
    from pairs as p
    where p.thumbnail_url is distinct from p.expected_thumbnail_url
    union all
    select p.*, 'name' as place, p.name as stored, p.expected_name as expected
    from pairs as p
    where p.name is distinct from p.expected_name
)

select
    'different' as verdict,
    concat(a.generation_id, '/', a.place) as key,
    a.project_id,
    cast(null as varchar(36)) as shot_id,
    a.generation_id,
    a.variant_id,
    a.stored,
    a.expected,
    concat('The column ', a.place, ' is not as in the primary variant.') as detail
from apart as a
order by a.generation_id, a.place
