-- params: build params: a template with what is a row's own put into it, two levels deep.
-- takes: rows, templates
insert into pg_temp.demo_params (key, params)
select
    wanted.key,
    case
        when wanted.template is null then wanted.own
        when wanted.wrapped then wanted.own || jsonb_build_object('originalParams', filled.params)
        else filled.params || wanted.own
    end
from jsonb_to_recordset(%(rows)s::jsonb)
    as wanted (key integer, own jsonb, template integer, nested jsonb, wrapped boolean)
left join jsonb_array_elements(%(templates)s::jsonb)
    with ordinality as template (params, number) on template.number = wanted.template + 1
cross join lateral (
    select template.params || coalesce(jsonb_object_agg(part.key, (template.params -> part.key) || part.value), '{}')
    from jsonb_each(wanted.nested) as part
) as filled (params)
