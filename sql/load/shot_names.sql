-- shot_names: the names of all shots that the user may see, for who mistyped one.
select distinct s.name from public.shots as s order by s.name
