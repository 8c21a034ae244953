-- faults_0072_repeated: two indexes on shot_data.
-- key: generations/shot_data
create index shotkit_one on public.generations using gin (shot_data);
create index shotkit_other on public.generations using gin (shot_data)
