-- prompts: prompt and seed of some generations; reads params, so only on request.
-- takes: generation_ids
select
    g.id as generation_id,
    coalesce(
        json_extract_string(g.params, '$.originalParams.orchestrator_details.prompt'),
        json_extract_string(g.params, '$.prompt'),
        json_extract_string(g.params, '$.metadata.prompt')
    ) as prompt,
    case when regexp_full_match(s.seed, '-?[0-9]{1,18}') then s.seed::bigint end as seed
from public.generations as g
cross join lateral (
    select coalesce(
        json_extract_string(g.params, '$.originalParams.orchestrator_details.seed'),
        json_extract_string(g.params, '$.seed'),
        json_extract_string(g.params, '$.metadata.seed')
    ) as seed
) as s
where list_contains(%(generation_ids)s::varchar[], g.id)
