-- rest_generations: a hash of what these generations' rows of generations hold beside the columns that are repaired.
-- takes: generation_ids, ids, columns
--
-- updated_at is no part of it: that a row was written is what it is there to say.
select
    r.id::text as generation_id,
    md5(string_agg((to_jsonb(r) - 'updated_at' - array(select jsonb_array_elements_text(repaired.columns)))::text, '/' order by r.id)) as hash
from public.generations as r
left join unnest(%(ids)s::uuid[], %(columns)s::jsonb[]) as repaired (id, columns) on repaired.id = r.id
where r.id = any(%(generation_ids)s::uuid[])
group by r.id
