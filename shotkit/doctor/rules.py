"""Which of the things that there are is dangerous: one rule a kind, over what one look found."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from shotkit.doctor.kinds import KINDS, Danger, Level
from shotkit.schema.capabilities import Capabilities, Function, Policy

__all__ = ["danger", "dangers"]

_OUTSIDE = {"public", "anon", "authenticated"}
_NOBODY = {"public", "anon"}
_CHANGES = {"update", "all"}


class _Found(NamedTuple):
    where: str
    found: str
    names: dict[str, str]
    level: Level | None = None


_Rule = Callable[[Capabilities], Iterator[_Found]]


def dangers(seen: Capabilities) -> Iterator[Danger]:
    """Return what the rules find."""
    for kind, rule in _RULES.items():
        for each in rule(seen):
            yield danger(kind, each.where, each.found, each.names, each.level)


def danger(kind: str, where: str, found: str, names: dict[str, str], level: Level | None = None) -> Danger:
    """Return a danger of a kind, its level the kind's own unless another is given."""
    of = KINDS[kind]
    return Danger(kind, level or of.level, where, found, of.why, of.way_out.format_map(names))


def _sync_skips_locked(seen: Capabilities) -> Iterator[_Found]:
    for trigger in seen.triggers:
        function = seen.function(trigger.function)
        if trigger.table == "shot_generations" and function.skips_locked:
            found = f"The trigger {trigger.name} calls it, and it says SKIP LOCKED."
            yield _Found(f"{trigger.table}/{trigger.name}", found, {"thing": function.written})


def _trigger_reverts(seen: Capabilities) -> Iterator[_Found]:
    for trigger in seen.triggers:
        function = seen.function(trigger.function)
        drops = function.may_drop and "delete" not in trigger.events
        acts = trigger.enabled and trigger.before and trigger.each_row and "update" in trigger.events
        if not acts or not (function.puts_old_back or drops):
            continue
        did = (
            "puts back what stood there"
            if function.puts_old_back
            else "may return another row than the new one"
        )
        names = {"thing": trigger.table_written, "name": trigger.written, "function": function.written}
        level: Level | None = None if function.puts_old_back else "warning"
        where = f"{trigger.table}/{trigger.name}"
        yield _Found(where, f"Before an update its function {did}.", names, level)


def _definer_unpinned(seen: Capabilities) -> Iterator[_Found]:
    for function in seen.functions:
        if function.definer and not function.pinned:
            level: Level = "error" if function.open_to else "warning"
            yield _of(function, "SECURITY DEFINER, and search_path is not set.", level)


def _definer_unchecked(seen: Capabilities) -> Iterator[_Found]:
    for function in seen.functions:
        if function.definer and function.open_to and not function.asks_caller:
            yield _of(
                function, f"SECURITY DEFINER, without auth.uid(), and open to {_and(function.open_to)}."
            )


def _check_passes_null(seen: Capabilities) -> Iterator[_Found]:
    for function in seen.functions:
        if function.open_to and function.lets_null_through:
            yield _of(function, f"It compares auth.uid() by <>, and is open to {_and(function.open_to)}.")


def _callable_by_anon(seen: Capabilities) -> Iterator[_Found]:
    for function in seen.functions:
        if _NOBODY & {*function.open_to}:
            rights = "its owner's" if function.definer else "the caller's"
            yield _of(function, f"It acts with {rights} rights.", "error" if function.definer else None)


def _errors_swallowed(seen: Capabilities) -> Iterator[_Found]:
    for function in seen.functions:
        if function.swallows:
            yield _of(function, "It says WHEN OTHERS, and no RAISE behind it.")


def _table_unsecured(seen: Capabilities) -> Iterator[_Found]:
    for table in seen.tables:
        if table.kind == "table" and not table.secured:
            found = f"No row level security; open to {_and(table.open_to)}."
            yield _Found(table.name, found, {"thing": table.written}, None if table.open_to else "warning")


def _view_of_owner(seen: Capabilities) -> Iterator[_Found]:
    for table in seen.tables:
        if table.kind == "view" and not table.invoker:
            found = f"No security_invoker; open to {_and(table.open_to)}."
            yield _Found(table.name, found, {"thing": table.written}, "error" if table.open_to else None)


def _update_unchecked(seen: Capabilities) -> Iterator[_Found]:
    for policy in _of_outside(seen):
        if policy.command in _CHANGES and not policy.has_check:
            yield _of_policy(policy, f"FOR {policy.command.upper()}, without WITH CHECK.")


def _policy_for_all_rows(seen: Capabilities) -> Iterator[_Found]:
    for policy in _of_outside(seen):
        if policy.permissive and (policy.shows_all or policy.takes_all):
            word = "USING" if policy.shows_all else "WITH CHECK"
            found = f"FOR {policy.command.upper()} TO {', '.join(policy.roles)} {word} (true)."
            yield _of_policy(policy, found, "warning" if policy.command == "select" else None)


def _of(function: Function, found: str, level: Level | None = None) -> _Found:
    return _Found(function.written, found, {"thing": function.written}, level)


def _of_policy(policy: Policy, found: str, level: Level | None = None) -> _Found:
    names = {"thing": policy.table_written, "name": policy.written}
    return _Found(f"{policy.table}/{policy.name}", found, names, level)


def _of_outside(seen: Capabilities) -> Iterator[Policy]:
    return (policy for policy in seen.policies if _OUTSIDE & {*policy.roles})


def _and(roles: tuple[str, ...]) -> str:
    return " and ".join(roles) or "nobody from outside"


_RULES: dict[str, _Rule] = {
    "sync_skips_locked": _sync_skips_locked,
    "trigger_reverts": _trigger_reverts,
    "definer_unpinned": _definer_unpinned,
    "definer_unchecked": _definer_unchecked,
    "check_passes_null": _check_passes_null,
    "callable_by_anon": _callable_by_anon,
    "errors_swallowed": _errors_swallowed,
    "table_unsecured": _table_unsecured,
    "view_of_owner": _view_of_owner,
    "update_unchecked": _update_unchecked,
    "policy_for_all_rows": _policy_for_all_rows,
}
