-- sync_triggers: the triggers that keep shot_data and the variants in step are there once and enabled.
-- level: error
-- examines: triggers
-- verdicts: missing, disabled, repeated
-- live: yes

with guards as (
    select 'shot_generations' as table_name, 'insert' as event, 'sync_shot_to_generation' as guard
    union all
    select 'shot_generations', 'update', 'sync_shot_to_generation'
    union all
    select 'shot_generations', 'delete', 'sync_shot_to_generation'
    union all
    select 'generation_variants', 'update', 'handle_variant_primary_switch'
    union all
    select 'generation_variants', 'update', 'sync_generation_from_variant'
    union all
    select 'generation_variants', 'delete', 'handle_variant_deletion'
    union all
    select 'generations', 'update', 'sync_variant_from_generation'
),

counted as (
    select
        g.table_name,
        g.event,
        g.guard,
        count(t.trigger_name) as there,
        sum(case when t.is_enabled then 1 else 0 end) as enabled
    from guards as g
    left join triggers as t
        on t.table_name = g.table_name and t.event = g.event
        and (
            t.function_name = g.guard or t.trigger_name = concat('trg_', g.guard)
            -- Some databases name it otherwise; it is the one whose function has to do with shot_data.
            or (g.guard = 'sync_shot_to_generation' and t.tells_shot_data)
        )
    group by g.table_name, g.event, g.guard
)

select
    case when c.there = 0 then 'missing' when c.enabled = 0 then 'disabled' else 'repeated' end as verdict,
    concat(c.table_name, '/', c.event, '/', c.guard) as key,
    cast(null as varchar(36)) as project_id,
    cast(null as varchar(36)) as shot_id,
    cast(null as varchar(36)) as generation_id,
    cast(null as varchar(36)) as variant_id,
    cast(c.enabled as varchar(20)) as stored,
    '1' as expected,
    concat('Triggers of ', c.guard, ' for ', c.event, ' on ', c.table_name, ': ', c.there, ', enabled: ', c.enabled, '.') as detail
from counted as c
where c.enabled <> 1
order by c.table_name, c.event, c.guard
