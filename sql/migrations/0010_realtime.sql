-- realtime: NOTIFY shotkit of every shot whose links changed.

-- The payload, one a changed shot and transaction (equal ones are sent once):
--     {"table": "shot_generations", "shot_id": "<uuid>", "xid": "<transaction>"}
-- A reader that remembers pg_current_snapshot() of its data tells an event older than the data by
-- pg_visible_in_snapshot(xid, snapshot). Ids only: any session of the database may listen.
create function public.notify_changed_shots() returns trigger
language plpgsql set search_path = ''
as $$
declare
    changed uuid[];
begin
    if tg_op = 'INSERT' then
        changed := array(select distinct shot_id from new_links);
    elsif tg_op = 'DELETE' then
        changed := array(select distinct shot_id from old_links);
    else
        changed := array(select shot_id from old_links union select shot_id from new_links);
    end if;
    perform pg_notify(
        'shotkit',
        json_build_object('table', tg_table_name, 'shot_id', shot_id, 'xid', pg_current_xact_id()::text)::text
    )
    from unnest(changed) as shot_id;
    return null;
end
$$;

revoke execute on function public.notify_changed_shots() from public, anon, authenticated;

create trigger notify_changed_shots_insert
after insert on public.shot_generations
referencing new table as new_links
for each statement execute function public.notify_changed_shots();

create trigger notify_changed_shots_update
after update on public.shot_generations
referencing old table as old_links new table as new_links
for each statement execute function public.notify_changed_shots();

create trigger notify_changed_shots_delete
after delete on public.shot_generations
referencing old table as old_links
for each statement execute function public.notify_changed_shots();
