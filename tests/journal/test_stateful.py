"""Any sequence of changes, undos and redos leaves on a real server what two stacks in Python say."""

import json
import tempfile
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shotkit.engine import Database
from shotkit.errors import InvalidChangeError, StaleShotError
from shotkit.journal import Entry, Journal
from shotkit.mutate import (
    Add,
    AddVariant,
    Change,
    DeleteVariant,
    Exchange,
    MakePrimary,
    Move,
    Remove,
    Reorder,
    SetPrompts,
    StarVariant,
    Unplace,
    apply_to_variants,
    create_shot,
    duplicate_shot,
    take_back,
)
from tests.mutate.conftest import Stage
from tests.mutate.test_restore import rows

PLACE = st.integers(0, 7)
FRAME = st.integers(0, 60)


class Journaled(RuleBasedStateMachine):
    """One user's changes of one project, as the handles send them; every state is remembered whole."""

    address: str

    def __init__(self) -> None:
        super().__init__()
        self.connection = psycopg.connect(self.address, autocommit=True)
        self.connection.execute("delete from public.users")
        self.database = Database(self.address)
        self.stage = Stage(self.connection, self.database)
        self.stage.links(0, 10, None)
        self.generation = self.stage.generation(name="Dawn")
        self.folder = tempfile.TemporaryDirectory()
        self.journal = Journal(Path(self.folder.name, "journal.sqlite"))
        self.state = rows(self.stage)
        self.undoable: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
        self.redoable: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = []

    @property
    def scope(self) -> dict[str, str]:
        return {"database": self.database.name, "identity": ""}

    def links(self) -> list[str]:
        return list(self.stage.frames())

    def variants(self) -> list[str]:
        found = self.connection.execute(
            "select id::text from public.generation_variants where generation_id = %s order by 1",
            (self.generation,),
        )
        return [id_ for (id_,) in found.fetchall()]

    def sent(self, kind: str, send: Any, undoes: str | None = None) -> Change:
        change = send()
        self.journal.begin(Entry(change.op_id, kind, **self.scope, code=change.code, undoes=undoes))
        self.journal.settle(change.op_id, change)
        return change

    def change(self, kind: str, send: Any) -> None:
        try:
            change = self.sent(kind, send)
        except InvalidChangeError:
            return
        if change.xid is None:
            return
        before, self.state = self.state, rows(self.stage)
        self.undoable.append((change.op_id, before, self.state))
        self.redoable.clear()

    def of_shot(self, intent: Any) -> None:
        self.change("shot", lambda: self.stage.change(intent))

    def of_variants(self, intent: Any) -> None:
        self.change("variants", lambda: apply_to_variants(self.database, self.generation, intent))

    @precondition(lambda self: self.links())
    @rule(
        a=PLACE,
        b=PLACE,
        frame=FRAME,
        what=st.sampled_from(["move", "exchange", "unplace", "remove", "prompt"]),
    )
    def change_a_link(self, a, b, frame, what):
        ids = self.links()
        first, second = ids[a % len(ids)], ids[b % len(ids)]
        self.of_shot(
            {
                "move": Move(first, frame),
                "exchange": Exchange(((first, second),)),
                "unplace": Unplace(first),
                "remove": Remove(first),
                "prompt": SetPrompts(first, f"at {frame}", "" if frame % 2 else None),
            }[what]
        )

    @rule(positioned=st.booleans())
    def add_a_link(self, positioned):
        self.of_shot(Add(self.generation, positioned=positioned))

    @rule()
    def turn_around(self):
        placed = [id_ for id_, frame in self.stage.frames().items() if frame is not None]
        self.of_shot(Reorder(tuple(reversed(placed))))

    @rule(primary=st.booleans(), name=st.sampled_from(["Dusk", None]))
    def add_a_variant(self, primary, name):
        self.of_variants(AddVariant("/b.png", params={"x": 1.5}, name=name, is_primary=primary))

    @precondition(lambda self: self.variants())
    @rule(a=PLACE, what=st.sampled_from([MakePrimary, DeleteVariant, StarVariant]))
    def change_a_variant(self, a, what):
        ids = self.variants()
        self.of_variants(what(ids[a % len(ids)]))

    @rule(copy=st.booleans())
    def make_a_shot(self, copy):
        if copy:
            self.change("new shot", lambda: duplicate_shot(self.database, self.stage.shot_id))
        else:
            self.change(
                "new shot",
                lambda: create_shot(self.database, self.stage.project, "Dusk", self.generation),
            )

    @precondition(lambda self: self.undoable)
    @rule()
    def undo(self):
        op_id, before, after = self.undoable.pop()
        assert self.journal.last_undoable(**self.scope).op_id == op_id
        undo = self.taken_back(op_id)
        self.redoable.append((undo.op_id, op_id, before, after))
        self.state = before

    @precondition(lambda self: self.redoable)
    @rule()
    def redo(self):
        undo, op_id, before, after = self.redoable.pop()
        assert self.journal.last_undone(**self.scope).op_id == undo
        self.taken_back(undo)
        self.undoable.append((op_id, before, after))
        self.state = after

    @precondition(lambda self: len(self.undoable) > 1)
    @rule(at=PLACE)
    def undo_out_of_turn(self, at):
        """An earlier change of the same shot is refused, or it was of other rows and is undone alone."""
        op_id = self.undoable[at % (len(self.undoable) - 1)][0]
        undo = json.loads(self.journal.undo(op_id))
        if undo["of"] != "shot" or undo["after"] == self.stage.frames():
            return
        with pytest.raises(StaleShotError):
            take_back(self.database, json.dumps(undo), op_id)

    def taken_back(self, op_id: str) -> Change:
        text, kind = self.journal.undo(op_id), self.journal.find(op_id).kind
        return self.sent(kind, lambda: take_back(self.database, text, op_id), undoes=op_id)

    @invariant()
    def the_server_has_what_the_model_says(self):
        assert rows(self.stage) == self.state
        assert (self.journal.last_undoable(**self.scope) is None) == (not self.undoable)
        assert (self.journal.last_undone(**self.scope) is None) == (not self.redoable)

    def teardown(self):
        assert self.stage.clean()
        self.journal.close()
        self.folder.cleanup()
        self.database.close()
        self.connection.close()


def test_undo_and_redo_of_anything_leave_what_two_stacks_say(database):
    machine = type("Machine", (Journaled,), {"address": database})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
