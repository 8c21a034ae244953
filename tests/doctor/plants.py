"""Each danger once: what plants it into shotkit's own schema, what mends it, and what is then told."""

from typing import NamedTuple


class Plant(NamedTuple):
    """Statements, and the keys of the dangers between them, each with its level."""

    breaks: str
    mends: str
    told: dict[str, str]


def _function(options: str, body: str, name: str = "odd", rights: str = "authenticated") -> str:
    return (
        f"create function public.{name}(shot uuid) returns void language plpgsql {options} as $$ {body} $$;"
        f"revoke execute on function public.{name} from public, anon, authenticated;"
        + (f"grant execute on function public.{name} to {rights};" if rights else "")
    )


SYNC = "shot_generations/insert/sync_shot_to_generation"
DROP_ODD = "drop function public.odd"
ODD = "public.odd(shot uuid)"
PINNED = "security definer set search_path = ''"
ASKS = "if auth.uid() is null then raise 'no'; end if;"
REVERTS = """
create function public.keep_place() returns trigger language plpgsql set search_path = '' as $$
begin
    if old.metadata ? 'locked' then {} end if;
    return {};
end $$;
revoke execute on function public.keep_place from public;
create trigger keep_place before update on public.shot_generations
for each row execute function public.keep_place();
"""
DROP_KEEP = "drop function public.keep_place cascade"
SKIPS = """
create function public.sync_too() returns trigger language plpgsql set search_path = '' as $$
begin
    perform from public.generations for update /* never wait */ skip
        locked;
    return null;
end $$;
revoke execute on function public.sync_too from public;
create trigger sync_too after truncate on public.shot_generations execute function public.sync_too();
"""
HOSTILE = 'public."""; drop table shots; --\n"'

PLANTS = {
    "a sync trigger that is gone": Plant(
        "alter trigger sync_shot_to_generation_insert on shot_generations rename to kept;"
        "create function public.nothing() returns trigger language plpgsql set search_path = '' as "
        "'begin return null; end';"
        "revoke execute on function public.nothing from public;"
        "drop trigger kept on shot_generations",
        "drop function public.nothing; create trigger sync_shot_to_generation_insert "
        "after insert on shot_generations "
        "referencing new table as new_links for each statement execute function sync_shot_to_generation()",
        {f"trigger_missing:{SYNC}": "error"},
    ),
    "a sync trigger that is off": Plant(
        "alter table shot_generations disable trigger sync_shot_to_generation_insert",
        "alter table shot_generations enable trigger sync_shot_to_generation_insert",
        {f"trigger_disabled:{SYNC}": "error"},
    ),
    "a sync trigger for replicas alone": Plant(
        "alter table shot_generations enable replica trigger sync_shot_to_generation_insert",
        "alter table shot_generations enable trigger sync_shot_to_generation_insert",
        {f"trigger_disabled:{SYNC}": "error"},
    ),
    "a sync trigger twice": Plant(
        "create trigger once_more after insert on shot_generations referencing new table as new_links "
        "for each statement execute function sync_shot_to_generation()",
        "drop trigger once_more on shot_generations",
        {f"trigger_repeated:{SYNC}": "error"},
    ),
    "no index of shot_data": Plant(
        "drop index generations_shot_data_idx",
        "create index generations_shot_data_idx on generations using gin (shot_data)",
        {"shot_data_index_missing:generations/shot_data": "warning"},
    ),
    "an index of shot_data twice": Plant(
        "create index once_more on generations using gin (shot_data)",
        "drop index once_more",
        {"shot_data_index_repeated:generations/shot_data": "warning"},
    ),
    "no index of primaries": Plant(
        "drop index generation_variants_one_primary_idx",
        "create unique index generation_variants_one_primary_idx on generation_variants (generation_id) "
        "where is_primary",
        {"primary_index_missing:generation_variants/generation_id": "error"},
    ),
    "a policy twice": Plant(
        "create policy again on tasks for select to authenticated using "
        "(project_id = any (array(select id from public.projects where user_id = (select auth.uid()))))",
        "drop policy again on tasks",
        {"policy_repeated:tasks/again": "error"},
    ),
    "skip locked": Plant(
        SKIPS,
        "drop function public.sync_too cascade",
        {"sync_skips_locked:shot_generations/sync_too": "error"},
    ),
    "a trigger that puts the frame back": Plant(
        REVERTS.format("new.timeline_frame := old.timeline_frame;", "new"),
        DROP_KEEP,
        {"trigger_reverts:shot_generations/keep_place": "error"},
    ),
    "a trigger that puts the row back": Plant(
        REVERTS.format("new = old;", "new"),
        DROP_KEEP,
        {"trigger_reverts:shot_generations/keep_place": "error"},
    ),
    "a trigger that drops the write": Plant(
        REVERTS.format("raise notice 'no';", "null"),
        DROP_KEEP,
        {"trigger_reverts:shot_generations/keep_place": "warning"},
    ),
    "a definer without search_path": Plant(
        _function("security definer", f"begin {ASKS} end"), DROP_ODD, {f"definer_unpinned:{ODD}": "error"}
    ),
    "a definer without search_path that nobody may call": Plant(
        _function("security definer", f"begin {ASKS} end", rights=""),
        DROP_ODD,
        {f"definer_unpinned:{ODD}": "warning"},
    ),
    "a definer that only talks of asking": Plant(
        _function(PINNED, "begin /* auth.uid() */ delete from public.shots; -- auth.uid()\n end"),
        DROP_ODD,
        {f"definer_unchecked:{ODD}": "error"},
    ),
    "a check that nobody passes": Plant(
        _function(PINNED, "begin if shot <> auth.uid() then raise 'no'; end if; end"),
        DROP_ODD,
        {f"check_passes_null:{ODD}": "error"},
    ),
    "a check from the other side": Plant(
        _function(PINNED, "begin if (select auth.uid()) != shot then raise 'no'; end if; end"),
        DROP_ODD,
        {f"check_passes_null:{ODD}": "error"},
    ),
    "a function for everyone": Plant(
        _function("", "begin null; end", rights="public"), DROP_ODD, {f"callable_by_anon:{ODD}": "info"}
    ),
    "a definer for anonymous callers": Plant(
        _function(PINNED, f"begin {ASKS} end", rights="anon"), DROP_ODD, {f"callable_by_anon:{ODD}": "error"}
    ),
    "an error that nobody hears of": Plant(
        _function("", "begin null; exception when others then null; end"),
        DROP_ODD,
        {f"errors_swallowed:{ODD}": "warning"},
    ),
    "a table without row level security": Plant(
        "alter table shots disable row level security",
        "alter table shots enable row level security",
        {"table_unsecured:shots": "error"},
    ),
    "a table of nobody's without row level security": Plant(
        "create table public.notes (id int)", "drop table public.notes", {"table_unsecured:notes": "warning"}
    ),
    "a view that reads with its owner's rights": Plant(
        "create view public.seen as select id from shots; grant select on public.seen to anon",
        "drop view public.seen",
        {"view_of_owner:seen": "error"},
    ),
    "the same, for nobody": Plant(
        "create view public.seen as select id from shots",
        "drop view public.seen",
        {"view_of_owner:seen": "warning"},
    ),
    "an update that is not checked": Plant(
        "create policy loose on tasks for update to authenticated using (auth.uid() is not null)",
        "drop policy loose on tasks",
        {"update_unchecked:tasks/loose": "warning"},
    ),
    "a policy that shows all": Plant(
        "create policy loose on tasks for select using (true)",
        "drop policy loose on tasks",
        {"policy_for_all_rows:tasks/loose": "warning"},
    ),
    "a policy that takes all": Plant(
        "create policy loose on tasks for insert to anon with check (true)",
        "drop policy loose on tasks",
        {"policy_for_all_rows:tasks/loose": "error"},
    ),
    "hostile names": Plant(
        f"create table {HOSTILE} (id int); grant select on {HOSTILE} to anon",
        f"drop table {HOSTILE}",
        {'table_unsecured:"; drop table shots; --\n': "error"},
    ),
}
# What looks like one of them, and is none.
INNOCENT = {
    "a trigger's function, which nobody can call": (
        f"create function public.t() returns trigger language plpgsql {PINNED} as 'begin return null; end'",
        "drop function public.t",
    ),
    "a queue that skips locked rows": (
        _function("", "begin perform from public.tasks for update skip locked; end"),
        DROP_ODD,
    ),
    "a guard that only compares": (
        REVERTS.format("if new.timeline_frame = old.timeline_frame then raise 'no'; end if;", "new"),
        DROP_KEEP,
    ),
    "a definer that asks": (_function(PINNED, f"begin {ASKS} end"), DROP_ODD),
    "a check that nobody fails to pass": (
        _function(PINNED, "begin if auth.uid() is null or shot <> auth.uid() then raise 'no'; end if; end"),
        DROP_ODD,
    ),
    "an error that is told again": (
        _function("", "begin null; exception when others then raise warning 'x'; raise; end"),
        DROP_ODD,
    ),
    "a policy of the service": (
        "create policy service on tasks for all to service_role using (true) with check (true)",
        "drop policy service on tasks",
    ),
    "a word in a comment": (
        REVERTS.format("null; -- skip locked; new.shot_id := old.shot_id;\n", "new"),
        DROP_KEEP,
    ),
}
