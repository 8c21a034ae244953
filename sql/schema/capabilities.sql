-- capabilities: what is there and how it is guarded, as one document, out of the catalogs of any PostgreSQL.
--
-- Names come as they are and, where a statement may be made of them, as that needs them. What belongs to an extension
-- is left out. Of a function's text only what was looked for in it is told: it may hold secrets.
with home as (
    select oid from pg_catalog.pg_namespace where nspname = 'public'
),

-- Whose callers come from outside; where nobody has these roles, whoever may connect.
clients as (
    select rolname::text as name from pg_catalog.pg_roles where rolname in ('anon', 'authenticated')
    union all
    select 'public' where not exists (
        select from pg_catalog.pg_roles where rolname in ('anon', 'authenticated')
    )
),

extensions_own as (
    select classid, objid from pg_catalog.pg_depend where deptype = 'e'
),

relations as (
    select
        c.oid,
        c.relname::text collate "C" as name,
        format('public.%%I', c.relname) as written,
        case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'table' end
            as kind,
        c.relrowsecurity as secured,
        exists (
            select from pg_catalog.pg_options_to_table(c.reloptions)
            where option_name = 'security_invoker' and option_value in ('true', 'on', 'yes', '1')
        ) as invoker,
        array(
            select r.name from clients as r
            where has_any_column_privilege(r.name, c.oid, 'select, insert, update')
                or has_table_privilege(r.name, c.oid, 'delete')
            order by r.name
        ) as open_to
    from pg_catalog.pg_class as c
    where c.relnamespace = (select oid from home) and c.relkind in ('r', 'p', 'v', 'm', 'f')
        and ('pg_catalog.pg_class'::regclass, c.oid) not in (select classid, objid from extensions_own)
),

columns as (
    select
        a.attrelid,
        json_agg(
            json_build_object(
                'name', a.attname,
                'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
                'base', pg_catalog.format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null),
                'nullable', not a.attnotnull,
                'has_default', a.atthasdef or a.attidentity <> '',
                'is_generated', a.attgenerated <> '' or a.attidentity = 'a',
                'labels', array(
                    select e.enumlabel::text from pg_catalog.pg_enum as e
                    where e.enumtypid in (t.oid, t.typelem, t.typbasetype) order by e.enumsortorder
                ),
                'may_read', has_column_privilege(a.attrelid, a.attnum, 'select')
            ) order by a.attnum
        ) as list
    from pg_catalog.pg_attribute as a
    inner join pg_catalog.pg_type as t on t.oid = a.atttypid
    where a.attrelid in (select oid from relations) and a.attnum > 0 and not a.attisdropped
    group by a.attrelid
),

hooks as (
    select
        r.name as "table",
        r.written as table_written,
        t.tgname::text collate "C" as name,
        format('%%I', t.tgname) as written,
        t.tgfoid as function,
        t.tgenabled in ('O', 'A') as enabled,
        t.tgtype & 1 <> 0 as each_row,
        t.tgtype & 2 <> 0 as before,
        array(
            select event.name
            from (values ('insert', 4), ('delete', 8), ('update', 16), ('truncate', 32)) as event (name, bit)
            where t.tgtype & event.bit <> 0
        ) as events
    from pg_catalog.pg_trigger as t
    inner join relations as r on r.oid = t.tgrelid
    where not t.tgisinternal
),

routines as (
    select
        p.oid,
        p.proname::text collate "C" as name,
        format('%%I.%%I(%%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) as written,
        p.pronamespace = (select oid from home) as is_public,
        p.prorettype = 'pg_catalog.trigger'::regtype as is_trigger,
        p.prosecdef as definer,
        exists (select from unnest(p.proconfig) as setting where setting like 'search\_path=%%') as pinned,
        -- Without comments: what is only talked of is not done.
        regexp_replace(
            concat(p.prosrc, pg_catalog.pg_get_function_sqlbody(p.oid)), '--[^\n]*|/\*([^*]|\*+[^*/])*\*+/', ' ', 'g'
        ) as text
    from pg_catalog.pg_proc as p
    inner join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
    where p.prokind in ('f', 'p') and (
        p.oid in (select function from hooks)
        or p.pronamespace = (select oid from home)
        and ('pg_catalog.pg_proc'::regclass, p.oid) not in (select classid, objid from extensions_own)
    )
),

functions as (
    select
        f.oid,
        f.name,
        f.written,
        f.is_trigger,
        f.definer,
        f.pinned,
        case
            when f.is_trigger or not f.is_public then '{}'
            else array(
                select r.name from clients as r where has_function_privilege(r.name, f.oid, 'execute') order by r.name
            )
        end as open_to,
        f.text ~* '\mauth\.(uid|jwt|role)\s*\(|request\.jwt' as asks_caller,
        f.text ~* '(<>|!=)\s*(\(\s*select\s+)?auth\.uid\s*\(|\mauth\.uid\s*\(\s*\)\s*\)?\s*(<>|!=)'
        and f.text !~* '\mauth\.uid\s*\(\s*\)\s*\)?\s+is\s+(not\s+)?null\M' as lets_null_through,
        f.text ~* '\mskip\s+locked\M' as skips_locked,
        f.text ~* '(^|;|\m(begin|then|else|loop)\M)\s*new\s*:?=\s*old\s*;'
        or f.text ~* concat(
            '(^|;|\m(begin|then|else|loop)\M)\s*new\.(',
            'timeline_frame|shot_data|shot_id|generation_id|metadata|position|is_primary|primary_variant_id',
            ')\s*:?=\s*[^;]*\mold\.\3\M'
        ) as puts_old_back,
        f.text ~* '\mreturn\s+(old|null)\s*;' as may_drop,
        f.text ~* '\mwhen\s+others\s+then\M' and f.text !~* '\mwhen\s+others\s+then\M.*\mraise\M' as swallows
    from routines as f
),

rules as (
    select
        r.name as "table",
        r.written as table_written,
        p.polname::text collate "C" as name,
        format('%%I', p.polname) as written,
        case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end
            as command,
        p.polpermissive as permissive,
        array(
            select coalesce(u.rolname::text, 'public')
            from unnest(p.polroles) as role (oid)
            left join pg_catalog.pg_roles as u on u.oid = role.oid
            order by 1
        ) as roles,
        p.polwithcheck is not null as has_check,
        pg_catalog.pg_get_expr(p.polqual, p.polrelid) = 'true' as shows_all,
        pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) = 'true' as takes_all
    from pg_catalog.pg_policy as p
    inner join relations as r on r.oid = p.polrelid
),

listed_indexes as (
    select
        r.name as "table",
        i.relname::text collate "C" as name,
        m.amname::text as method,
        pg_catalog.pg_get_indexdef(x.indexrelid) as definition,
        x.indisunique as is_unique,
        x.indisvalid and x.indisready as is_valid
    from pg_catalog.pg_index as x
    inner join relations as r on r.oid = x.indrelid
    inner join pg_catalog.pg_class as i on i.oid = x.indexrelid
    inner join pg_catalog.pg_am as m on m.oid = i.relam
),

-- As a text that is run only where it can be: a table that is not there, or may not be read, would fail the statement.
-- Bounded, for it is to stay cheap on a table of any size.
shapes as (
    select array_agg(found.word order by found.word) as list
    from pg_catalog.ts_stat(
        case when exists (
            select from pg_catalog.pg_attribute as a
            inner join relations as r on r.oid = a.attrelid and r.name = 'generations'
            where a.attname = 'shot_data' and a.atttypid = 'pg_catalog.jsonb'::regtype and not a.attisdropped
                and has_column_privilege(r.oid, a.attnum, 'select')
        ) then
            'select array_to_tsvector(array_agg(distinct jsonb_typeof(entry.value))) from ('
            'select shot_data from public.generations '
            'where jsonb_typeof(shot_data) = ''object'' and shot_data <> ''{}'' limit 10000'
            ') as g cross join lateral jsonb_each(g.shot_data) as entry'
        else 'select null::tsvector' end
    ) as found
)

select json_build_object(
    'server_version', split_part(current_setting('server_version'), ' ', 1),
    'session_pid', pg_backend_pid(),
    'is_standby', pg_is_in_recovery(),
    'role', current_user,
    'is_superuser', coalesce((select rolsuper from pg_catalog.pg_roles where rolname = current_user), false),
    'bypasses_row_security', coalesce((select rolbypassrls from pg_catalog.pg_roles where rolname = current_user), false),
    'shapes', coalesce((select list from shapes), '{}'),
    'tables', coalesce(
        (
            select json_agg(
                json_build_object(
                    'name', r.name, 'written', r.written, 'kind', r.kind, 'secured', r.secured, 'invoker', r.invoker,
                    'open_to', r.open_to, 'columns', coalesce(c.list, '[]')
                ) order by r.name
            )
            from relations as r
            left join columns as c on c.attrelid = r.oid
        ), '[]'
    ),
    'triggers', coalesce(
        (
            select json_agg(
                json_build_object(
                    'table', h.table, 'table_written', h.table_written, 'name', h.name, 'written', h.written,
                    'function', f.written,
                    'enabled', h.enabled, 'each_row', h.each_row, 'before', h.before, 'events', h.events
                ) order by h.table, h.name
            )
            from hooks as h
            inner join functions as f on f.oid = h.function
        ), '[]'
    ),
    'functions', coalesce((select json_agg(to_jsonb(f) - 'oid' order by f.written) from functions as f), '[]'),
    'policies', coalesce((select json_agg(p order by p.table, p.name) from rules as p), '[]'),
    'indexes', coalesce((select json_agg(i order by i.table, i.name) from listed_indexes as i), '[]')
) as found
