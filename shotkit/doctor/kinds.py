"""The closed list of what is dangerous: why it is, and the way out."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["KINDS", "Danger", "Kind", "Level"]

Level = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Kind:
    """One thing that can be dangerous; `{thing}` and its like in the way out are names as SQL takes them."""

    level: Level
    why: str
    way_out: str


@dataclass(frozen=True)
class Danger:
    """One danger found; `where` names it and is stable, `way_out` is to be read before it is run."""

    danger: str
    level: Level
    where: str
    found: str
    why: str
    way_out: str

    @property
    def key(self) -> str:
        """What says of two runs that they found the same."""
        return f"{self.danger}:{self.where}"


_SLOW = "Phase 1 asks for `shot_data ? shot`, which without such an index reads the whole table."
_TWO = "Two sessions can make two variants of a generation primary at once."
_TWICE = "Each write pays for all of them."
_SHOT_DATA_INDEX = "create index concurrently on {thing} using gin (shot_data);"
_PRIMARY_INDEX = (
    "create unique index concurrently on {thing} (generation_id) where is_primary;  "
    "-- once `shotkit audit --only 0011` is clean"
)
_ANEW = "drop index concurrently ...; "
_DROP_ONE = "drop index concurrently ...;  -- all but one of those on {thing}"

KINDS: dict[str, Kind] = {
    "trigger_missing": Kind(
        "error",
        "Nothing keeps the redundant facts in step: what is written from now on drifts.",
        "create trigger ... on {thing} ...;  -- as the schema's own migration makes it; then `shotkit audit`",
    ),
    "trigger_disabled": Kind(
        "error",
        "It is there and does nothing here: what is written meanwhile drifts.",
        "alter table {thing} enable trigger {name};  -- then `shotkit audit`: what was written may be wrong",
    ),
    "trigger_repeated": Kind(
        "error",
        "Everything is done twice, and by two rules where the two are not alike.",
        "drop trigger ... on {thing};  -- one of {name}, after a look at both functions",
    ),
    "shot_data_index_missing": Kind("warning", _SLOW, _SHOT_DATA_INDEX),
    "shot_data_index_invalid": Kind(
        "warning", f"The server does not use it. {_SLOW}", _ANEW + _SHOT_DATA_INDEX
    ),
    "shot_data_index_repeated": Kind("warning", _TWICE, _DROP_ONE),
    "primary_index_missing": Kind("error", _TWO, _PRIMARY_INDEX),
    "primary_index_invalid": Kind("error", f"The server does not use it. {_TWO}", _ANEW + _PRIMARY_INDEX),
    "primary_index_repeated": Kind("error", _TWICE, _DROP_ONE),
    "policy_repeated": Kind(
        "error",
        "Whoever changes the one believes that the rule is changed, and the other still holds.",
        "drop policy ... on {thing};  -- all but one of those that say the same",
    ),
    "sync_skips_locked": Kind(
        "error",
        "A write while another transaction holds the generation's row, even for a foreign key, succeeds and "
        "leaves shot_data as it was; no error is told. shotkit compares and heals in its own writes.",
        "create or replace function {thing} ...  -- lock with `for no key update`, without skip locked",
    ),
    "trigger_reverts": Kind(
        "error",
        "A write reports success and another value stays. shotkit proves its own writes, and refuses.",
        "drop trigger {name} on {thing};  -- after a look at what its function {function} is for",
    ),
    "definer_unpinned": Kind(
        "error",
        "It acts with its owner's rights and looks names up where the caller says: the caller's own table or "
        "function of the same name takes the place of the one that is meant.",
        "alter routine {thing} set search_path = '';  -- and write names in it with their schema",
    ),
    "definer_unchecked": Kind(
        "error",
        "It acts with its owner's rights, past row level security, and never asks who calls it: whoever may "
        "call it reads or changes rows of anybody.",
        "alter routine {thing} security invoker;  -- or compare with auth.uid(), and let NULL not pass",
    ),
    "check_passes_null": Kind(
        "error",
        "`owner <> auth.uid()` is NULL for a caller without a user, and NULL raises nothing: he passes.",
        "create or replace function {thing} ...  -- with `owner is distinct from auth.uid()`",
    ),
    "callable_by_anon": Kind(
        "info",
        "Callers without a user may run it.",
        "revoke execute on routine {thing} from public, anon;",
    ),
    "errors_swallowed": Kind(
        "warning",
        "It catches every error and raises none: its caller is told of success, or of nothing.",
        "create or replace function {thing} ...  -- without `when others`, or with `raise;` at its end",
    ),
    "table_unsecured": Kind(
        "error",
        "Without row level security whoever has a right to the table has it to the rows of everyone.",
        "alter table {thing} enable row level security;  -- without a policy only its owner sees its rows",
    ),
    "view_of_owner": Kind(
        "warning",
        "A view reads with its owner's rights, past the row level security of the tables below it.",
        "alter view {thing} set (security_invoker = true);  -- PostgreSQL 15 and later",
    ),
    "update_unchecked": Kind(
        "warning",
        "What a row may become is held against the rule of what may be seen, and nothing else: a row can be "
        "pointed at what is not the user's, wherever that rule does not ask.",
        "alter policy {name} on {thing} with check (...);  -- what the new row must be",
    ),
    "policy_for_all_rows": Kind(
        "error",
        "The policy is `true`: it lets its roles at the rows of everyone, and other policies only add to it.",
        "alter policy {name} on {thing} using (...);  -- or drop it",
    ),
}
