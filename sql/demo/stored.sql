-- stored: how many of these rows there are.
-- takes: users, projects, shots, tasks, generations, variants, links, entries, files
select
    (select count(*) from public.users where id = any (%(users)s::uuid[]))
    + (select count(*) from public.projects where id = any (%(projects)s::uuid[]))
    + (select count(*) from public.shots where id = any (%(shots)s::uuid[]))
    + (select count(*) from public.tasks where id = any (%(tasks)s::uuid[]))
    + (select count(*) from public.generations where id = any (%(generations)s::uuid[]))
    + (select count(*) from public.generation_variants where id = any (%(variants)s::uuid[]))
    + (select count(*) from public.shot_generations where id = any (%(links)s::uuid[]))
    + (select count(*) from public.credits_ledger where id = any (%(entries)s::uuid[]))
    + (select count(*) from storage.objects where id = any (%(files)s::uuid[]))
    as rows
