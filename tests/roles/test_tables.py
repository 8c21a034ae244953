"""Who may do what to whose rows: every table, every command, every kind of caller."""

import pytest

from tests.roles.scene import CALLERS, Scene
from tests.roles.tries import COMMANDS, FORBIDDEN, TABLES, THEFTS, TRIES

ROWS, NONE, REFUSED, BROKEN = "rows", "none", "refused", "broken"
#: What the owner of a row may: select, insert, update, delete. A user with a ledger entry cannot be deleted.
OWNER = {
    "public.users": (ROWS, REFUSED, ROWS, BROKEN),  # a new user's own row is told elsewhere
    "public.projects": (ROWS, ROWS, ROWS, ROWS),
    "public.shots": (ROWS, ROWS, ROWS, ROWS),
    "public.shot_generations": (ROWS, ROWS, ROWS, ROWS),
    "public.generations": (ROWS, ROWS, ROWS, ROWS),
    "public.generation_variants": (ROWS, ROWS, ROWS, ROWS),
    "public.tasks": (ROWS, ROWS, ROWS, REFUSED),
    "public.credits_ledger": (ROWS, REFUSED, REFUSED, REFUSED),
    "storage.buckets": (ROWS, REFUSED, REFUSED, REFUSED),
    "storage.objects": (ROWS, ROWS, ROWS, ROWS),
}
SERVICE = dict.fromkeys(TABLES, (ROWS, ROWS, ROWS, ROWS)) | {
    "public.users": (ROWS, ROWS, ROWS, BROKEN),
    "public.credits_ledger": (ROWS, ROWS, REFUSED, REFUSED),
    "storage.buckets": (ROWS, ROWS, ROWS, BROKEN),  # there are files in them
}
ALLOWED = {"owner": OWNER, "service": SERVICE}
EVERYONES = {"storage.buckets", "storage.objects"}  # the buckets and the public files may be read


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("table", TABLES)
def test_a_caller_reaches_his_own_rows_and_no_others(scene: Scene, table, caller):
    found = {way: scene.attempt(caller, statement) for way, statement in TRIES[table].items()}
    assert [way for way, outcome in found.items() if outcome.escaped] == []
    told = tuple(found[command, "one" if command == "insert" else "all"].verdict for command in COMMANDS)
    if caller in ALLOWED:
        assert told == ALLOWED[caller][table]
    elif caller == "anonymous":
        assert told == (ROWS if table in EVERYONES else REFUSED, REFUSED, REFUSED, REFUSED)
    elif caller == "without a token":
        assert set(told[0 if table not in EVERYONES else 1 :]) <= {NONE, REFUSED}


@pytest.mark.parametrize("theft", THEFTS)
def test_another_user_finds_no_way_round(scene: Scene, theft):
    outcome = scene.attempt("another user", THEFTS[theft])
    assert not outcome.escaped
    assert outcome.verdict != ROWS


@pytest.mark.parametrize("caller", ["anonymous", "owner", "another user"])
def test_some_columns_and_states_are_nobodys_to_write(scene: Scene, caller):
    assert {scene.attempt(caller, statement).verdict for statement in FORBIDDEN} == {REFUSED}


def test_more_than_enough_is_tried():
    tries = sum(map(len, TRIES.values())) * len(CALLERS) + len(THEFTS) + len(FORBIDDEN) * 3
    assert tries >= 500
