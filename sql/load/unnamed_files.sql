-- unnamed_files: those of these files, 'bucket/path' as in an address, that no row names.
-- takes: files
--
-- As the address has them, percent-encoded, without host, access and token.
with addresses as (
    select g.location as address from public.generations as g
    union all
    select g.thumbnail_url from public.generations as g
    union all
    select v.location from public.generation_variants as v
    union all
    select v.thumbnail_url from public.generation_variants as v
    union all
    select t.output_location from public.tasks as t
),

named as (
    select regexp_replace(
        split_part(split_part(split_part(a.address, '?', 1), '#', 1), '/storage/v1/object/', 2), '^[^/]+/', ''
    ) as file
    from addresses as a
)

select f.file
from unnest(%(files)s::text[]) as f (file)
where not exists (select from named as n where n.file = f.file)
order by f.file
