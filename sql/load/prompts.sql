-- prompts: prompt and seed of some generations; reads params, so only on request.
-- takes: generation_ids
select
    g.id::text as generation_id,
    coalesce(
        g.params #>> '{originalParams,orchestrator_details,prompt}',
        g.params ->> 'prompt',
        g.params #>> '{metadata,prompt}'
    ) as prompt,
    case
        when s.seed ~ '^-?[0-9]{1,18}$' then s.seed::bigint
    end as seed
from public.generations as g
cross join lateral (
    select coalesce(
        g.params #>> '{originalParams,orchestrator_details,seed}',
        g.params ->> 'seed',
        g.params #>> '{metadata,seed}'
    ) as seed
) as s
where g.id = any(%(generation_ids)s::uuid[])
