-- faults_0071_disabled: the trigger for new links does not act.
-- key: shot_generations/insert/sync_shot_to_generation
alter table public.shot_generations disable trigger sync_shot_to_generation_insert
