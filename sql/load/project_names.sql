-- project_names: the names of all projects that the user may see, for who mistyped one.
select distinct p.name from public.projects as p order by p.name
