-- faults_0074_repeated: two policies that say the same.
-- key: shots/shotkit_one
create policy shotkit_one on public.shots using (id is null);
create policy shotkit_other on public.shots using (id is null)
