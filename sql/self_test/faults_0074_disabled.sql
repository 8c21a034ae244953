-- faults_0074_disabled: one table without row level security.
-- key: projects
alter table public.projects disable row level security
