-- snapshot: the relations that every engine reads alike from a snapshot, in portable words.
--
-- A snapshot has its tables in the schema `public` and what its server said of itself in the schema `server`. Ids,
-- enums and JSON are text there, JSON as PostgreSQL writes it. What each relation is, and the columns that it needs,
-- is said in postgres.sql; what engines write differently is in their own files.

links as (
    select
        id as link_id,
        shot_id,
        generation_id,
        timeline_frame as frame
    from public.shot_generations
)

link_metadata as (
    select
        id as link_id,
        shot_id,
        generation_id,
        case
            when left(metadata, 1) = '{' then 'object'
            when left(metadata, 1) = '[' then 'array'
            when left(metadata, 1) = '"' then 'string'
            when metadata in ('true', 'false') then 'boolean'
            when metadata = 'null' then 'null'
            when metadata is not null then 'number'
        end as kind
    from public.shot_generations
)

shots as (
    select id as shot_id, project_id from public.shots
)

shot_positions as (
    select id as shot_id, project_id, position as place
    from public.shots
)

generations as (
    select id as generation_id, project_id from public.generations
)

media as (
    select id as generation_id, project_id, type, location
    from public.generations
)

lineage as (
    select
        id as generation_id,
        project_id,
        based_on as origin_id
    from public.generations
    where based_on is not null
)

family as (
    select
        id as generation_id,
        project_id,
        parent_generation_id as parent_id,
        is_child,
        child_order
    from public.generations
    where parent_generation_id is not null or is_child
)

segments as (
    select
        id as generation_id,
        project_id,
        parent_generation_id as parent_id,
        pair_shot_generation_id as link_id
    from public.generations
    where pair_shot_generation_id is not null
)

shown as (
    select
        id as generation_id,
        project_id,
        location,
        thumbnail_url,
        name
    from public.generations
)

pointers as (
    select
        id as generation_id,
        project_id,
        primary_variant_id as variant_id
    from public.generations
)

variants as (
    select id as variant_id, generation_id, is_primary
    from public.generation_variants
)

variant_homes as (
    select
        id as variant_id,
        generation_id,
        project_id
    from public.generation_variants
)

variant_types as (
    select id as variant_id, generation_id, variant_type as type
    from public.generation_variants
)

sole_primaries as (
    select
        id as variant_id,
        generation_id,
        location,
        thumbnail_url,
        name
    from (
        select id, generation_id, location, thumbnail_url, name, count(*) over (partition by generation_id) as primaries
        from public.generation_variants
        where is_primary
    ) as primary_variant
    where primaries = 1
)

project_owners as (
    select id as project_id, user_id from public.projects
)

addressed as (
    select id, project_id, copied_from_share is not null as is_shared, location, thumbnail_url from public.generations
)

addresses as (
    select
        concat('generations/', id, '/location') as place, project_id, id as generation_id,
        cast(null as varchar(36)) as variant_id, is_shared, location as address
    from addressed
    where location is not null
    union all
    select
        concat('generations/', id, '/thumbnail_url') as place, project_id, id as generation_id,
        cast(null as varchar(36)) as variant_id, is_shared, thumbnail_url as address
    from addressed
    where thumbnail_url is not null
    union all
    select
        concat('generation_variants/', v.id, '/location') as place, g.project_id, g.id as generation_id,
        v.id as variant_id, g.is_shared, v.location as address
    from public.generation_variants as v
    inner join addressed as g on g.id = v.generation_id
    where v.location is not null
    union all
    select
        concat('generation_variants/', v.id, '/thumbnail_url') as place, g.project_id, g.id as generation_id,
        v.id as variant_id, g.is_shared, v.thumbnail_url as address
    from public.generation_variants as v
    inner join addressed as g on g.id = v.generation_id
    where v.thumbnail_url is not null
    union all
    select
        concat('tasks/', id, '/output_location') as place, project_id, cast(null as varchar(36)) as generation_id,
        cast(null as varchar(36)) as variant_id, false as is_shared, output_location as address
    from public.tasks
    where output_location is not null
)

users as (
    select id as user_id, credits from public.users
)

ledger as (
    select
        user_id,
        task_id,
        amount,
        type
    from public.credits_ledger
)

tasks as (
    select id as task_id, project_id from public.tasks
)

complete_tasks as (
    select
        id as task_id,
        project_id,
        task_type as type,
        output_location as output
    from public.tasks
    where status = 'Complete'
)

rule as (
    select arrays from server.rule
)

triggers as (
    select table_name, event, trigger_name, function_name, tells_shot_data, is_enabled from server.triggers
)

indexes as (
    select table_name, index_name, columns, method, operators, condition, is_unique, is_valid from server.indexes
)

core_tables as (
    select table_name, is_secured from server.core_tables
)

policies as (
    select table_name, policy_name, says from server.policies
)
