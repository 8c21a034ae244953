-- updated_at: tells when a row was last changed, whatever the writer said.

create function public.touch_updated_at() returns trigger
language plpgsql set search_path = ''
as $$
begin
    -- Not now(): of two transactions that take turns on a row, the later one may have begun first.
    new.updated_at := clock_timestamp();
    return new;
end
$$;

revoke execute on function public.touch_updated_at() from public, anon, authenticated;

create trigger touch_updated_at before update on public.shots
for each row execute function public.touch_updated_at();

create trigger touch_updated_at before update on public.shot_generations
for each row execute function public.touch_updated_at();

create trigger touch_updated_at before update on public.tasks
for each row execute function public.touch_updated_at();

-- Not for shot_data and primary_variant_id, which follow other tables' rows.
create trigger touch_updated_at before update of
    tasks, params, location, type, project_id, starred, thumbnail_url, name, based_on, copied_from_share,
    parent_generation_id, child_order, is_child, children, pair_shot_generation_id
on public.generations
for each row execute function public.touch_updated_at();
