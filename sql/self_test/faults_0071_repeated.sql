-- faults_0071_repeated: the trigger for changed links is there twice.
-- key: shot_generations/update/sync_shot_to_generation
create trigger shotkit_once_more after update on public.shot_generations
referencing old table as old_links new table as new_links
for each statement execute function public.sync_shot_to_generation()
