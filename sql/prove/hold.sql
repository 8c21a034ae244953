-- hold: lock a generation, as whoever changes it does.
-- takes: id
select id::text as id from public.generations where id = %(id)s::uuid for update
