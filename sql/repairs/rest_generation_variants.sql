-- rest_generation_variants: a hash of what these generations' rows of generation_variants hold beside the columns that are repaired.
-- takes: generation_ids, ids, columns
--
-- updated_at is no part of it: that a row was written is what it is there to say.
select
    r.generation_id::text as generation_id,
    md5(string_agg((to_jsonb(r) - 'updated_at' - array(select jsonb_array_elements_text(repaired.columns)))::text, '/' order by r.id)) as hash
from public.generation_variants as r
left join unnest(%(ids)s::uuid[], %(columns)s::jsonb[]) as repaired (id, columns) on repaired.id = r.id
where r.generation_id = any(%(generation_ids)s::uuid[])
group by r.generation_id
