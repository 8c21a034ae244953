-- faults_0073_repeated: two indexes that allow a generation one primary variant.
-- key: generation_variants/generation_id
create unique index shotkit_one_primary on public.generation_variants (generation_id) where is_primary;
create unique index shotkit_other_primary on public.generation_variants (generation_id) where is_primary
