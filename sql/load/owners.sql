-- owners: everyone who has a project that the user may see.
select distinct p.user_id::text as user_id from public.projects as p order by user_id
