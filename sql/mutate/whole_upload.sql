-- whole_upload: generations with their variants and links as stored with every column, and what else rests on them.
-- takes: generation_ids
-- Older schemas have no pair_shot_generation_id: the bare name then means that of era.
select
    coalesce((
        select jsonb_agg(to_jsonb(g) order by g.id) from public.generations as g
        where g.id = any(%(generation_ids)s::uuid[])
    ), '[]')::text as generations,
    coalesce((
        select jsonb_agg(to_jsonb(v) order by v.id) from public.generation_variants as v
        where v.generation_id = any(%(generation_ids)s::uuid[])
    ), '[]')::text as variants,
    coalesce((
        select jsonb_agg(to_jsonb(l) order by l.id) from public.shot_generations as l
        where l.generation_id = any(%(generation_ids)s::uuid[])
    ), '[]')::text as links,
    (
        select count(*) from public.generations as g
        where g.based_on = any(%(generation_ids)s::uuid[]) or g.parent_generation_id = any(%(generation_ids)s::uuid[])
            or pair_shot_generation_id in (
                select l.id from public.shot_generations as l
                where l.generation_id = any(%(generation_ids)s::uuid[])
            )
    ) as dependants
from (select null::uuid as pair_shot_generation_id) as era
