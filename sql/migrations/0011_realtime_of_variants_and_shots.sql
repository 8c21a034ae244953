-- realtime_of_variants_and_shots: NOTIFY shotkit of changed variants and of changed rows of shots, too.

-- The payloads, beside that of 0010; one a changed generation or shot and transaction:
--     {"table": "generation_variants", "generation_id": "<uuid>", "xid": "<transaction>"}
--     {"table": "shots", "shot_id": "<uuid>", "project_id": "<uuid>", "xid": "<transaction>"}
-- None is sent of generations: every reorder writes their shot_data, and what is shown of them follows their
-- primary variant.
create function public.notify_changed_variants() returns trigger
language plpgsql set search_path = ''
as $$
begin
    perform pg_notify(
        'shotkit',
        json_build_object(
            'table', tg_table_name, 'generation_id', generation_id, 'xid', pg_current_xact_id()::text
        )::text
    )
    from (select distinct generation_id from changed) as generation;
    return null;
end
$$;

create function public.notify_changed_shot_rows() returns trigger
language plpgsql set search_path = ''
as $$
begin
    perform pg_notify(
        'shotkit',
        json_build_object(
            'table', tg_table_name, 'shot_id', id, 'project_id', project_id, 'xid', pg_current_xact_id()::text
        )::text
    )
    from changed;
    return null;
end
$$;

revoke execute on function public.notify_changed_variants(), public.notify_changed_shot_rows()
from public, anon, authenticated;

create trigger notify_changed_variants_insert
after insert on public.generation_variants
referencing new table as changed
for each statement execute function public.notify_changed_variants();

-- The new rows suffice: a variant never moves to another generation.
create trigger notify_changed_variants_update
after update on public.generation_variants
referencing new table as changed
for each statement execute function public.notify_changed_variants();

create trigger notify_changed_variants_delete
after delete on public.generation_variants
referencing old table as changed
for each statement execute function public.notify_changed_variants();

create trigger notify_changed_shot_rows_insert
after insert on public.shots
referencing new table as changed
for each statement execute function public.notify_changed_shot_rows();

-- Both ends of a move to another project; where the project stays, the two messages are one and sent once.
create trigger notify_changed_shot_rows_update_from
after update on public.shots
referencing old table as changed
for each statement execute function public.notify_changed_shot_rows();

create trigger notify_changed_shot_rows_update_to
after update on public.shots
referencing new table as changed
for each statement execute function public.notify_changed_shot_rows();

create trigger notify_changed_shot_rows_delete
after delete on public.shots
referencing old table as changed
for each statement execute function public.notify_changed_shot_rows();
