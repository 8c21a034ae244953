-- set_prompts: write a link's prompts, NULL leaves one as it is; returns those that are now read from it.
-- takes: shot_id, id, prompt, negative_prompt
--
-- Each goes where it is read from: a text in segmentOverrides hides the older key.
with before as (
    select l.id, case when jsonb_typeof(l.metadata) = 'object' then l.metadata else '{}' end as metadata
    from public.shot_generations as l
    where l.id = %(id)s::uuid and l.shot_id = %(shot_id)s::uuid
),

prompted as (
    select id, case
        when %(prompt)s::text is null then metadata
        when jsonb_typeof(metadata #> '{segmentOverrides,prompt}') = 'string'
            then jsonb_set(metadata, '{segmentOverrides,prompt}', to_jsonb(%(prompt)s::text))
        else metadata || jsonb_build_object('pair_prompt', %(prompt)s::text)
    end as metadata
    from before
),

wanted as (
    select id, case
        when %(negative_prompt)s::text is null then metadata
        when jsonb_typeof(metadata #> '{segmentOverrides,negativePrompt}') = 'string'
            then jsonb_set(metadata, '{segmentOverrides,negativePrompt}', to_jsonb(%(negative_prompt)s::text))
        else metadata || jsonb_build_object('pair_negative_prompt', %(negative_prompt)s::text)
    end as metadata
    from prompted
)

update public.shot_generations as l
set metadata = wanted.metadata, updated_at = clock_timestamp()
from wanted
where l.id = wanted.id
returning
    l.id::text as id,
    l.generation_id::text as generation_id,
    l.timeline_frame,
    l.metadata::text as metadata,
    l.updated_at,
    case
        when jsonb_typeof(l.metadata #> '{segmentOverrides,prompt}') = 'string'
            then l.metadata #>> '{segmentOverrides,prompt}'
        else l.metadata ->> 'pair_prompt'
    end as prompt,
    case
        when jsonb_typeof(l.metadata #> '{segmentOverrides,negativePrompt}') = 'string'
            then l.metadata #>> '{segmentOverrides,negativePrompt}'
        else l.metadata ->> 'pair_negative_prompt'
    end as negative_prompt
