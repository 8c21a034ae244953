-- faults_0071_missing: the trigger for deleted links is gone.
-- key: shot_generations/delete/sync_shot_to_generation
drop trigger sync_shot_to_generation_delete on public.shot_generations
