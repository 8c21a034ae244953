"""Any sequence of changes leaves on a real server what a plain Python model says, and shot_data follows."""

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shotkit.engine import Database
from shotkit.errors import InvalidChangeError
from shotkit.mutate import Add, Exchange, Move, Place, Remove, Reorder, Unplace
from tests.mutate.conftest import DRAGS_AGAIN, Stage, as_dict

pytestmark = DRAGS_AGAIN

STEP = st.tuples(
    st.sampled_from(["move", "exchange", "reorder", "place", "unplace", "add", "remove"]),
    st.integers(0, 7),
    st.integers(0, 7),
    st.integers(0, 60),
)


class Model:
    """Frames by link, by the rules as a user would tell them."""

    def __init__(self) -> None:
        self.frames: dict[str, int | None] = {}

    def on(self) -> list[str]:
        found = [id_ for id_, frame in self.frames.items() if frame is not None]
        return sorted(found, key=lambda id_: self.frames[id_])

    def put(self, id_: str, wanted: int) -> None:
        held = {frame for other, frame in self.frames.items() if other != id_}
        free = (frame for frame in range(1_000) if frame not in held)
        self.frames[id_] = min(free, key=lambda frame: (abs(frame - wanted), -frame))

    def leave(self, id_: str) -> None:
        order = self.on()
        if order[:1] == [id_] and len(order) > 1:
            first = self.frames[order[1]]
            self.frames.update({other: self.frames[other] - first for other in order[1:]})

    def behind(self) -> int:
        at = [self.frames[id_] for id_ in self.on()]
        if len(at) < 2:
            return at[0] + 81 if at else 0
        return at[-1] + min(81, max(10, int((at[-1] - at[0]) / (len(at) - 1) + 0.5)))


def intent_of(model: Model, step, generation: str):
    kind, first, second, frame = step
    ids = sorted(model.frames)
    a, b = (ids[place % len(ids)] if ids else generation for place in (first, second))
    return (
        a,
        b,
        {
            "move": Move(a, frame),
            "place": Place(a, frame),
            "exchange": Exchange(((a, b),)),
            "reorder": Reorder(tuple(reversed(model.on()))),
            "unplace": Unplace(a),
            "add": Add(generation, positioned=frame % 2 == 0),
            "remove": Remove(a),
        }[kind],
    )


def follow(model: Model, step, a: str, b: str, op_id: str) -> None:
    kind, _, _, frame = step
    if kind in ("move", "place"):
        model.put(a, frame)
    elif kind == "exchange":
        model.frames[a], model.frames[b] = model.frames[b], model.frames[a]
    elif kind == "reorder":
        order = model.on()
        at = [model.frames[id_] for id_ in order]
        model.frames.update(zip(reversed(order), at, strict=True))
    elif kind == "unplace":
        model.leave(a)
        model.frames[a] = None
    elif kind == "remove":
        model.leave(a)
        del model.frames[a]
    else:
        model.frames[op_id] = model.behind() if frame % 2 == 0 else None


@pytest.fixture
def ground(database, schema):
    changing = Database(database)
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection, changing, schema
    changing.close()


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    print_blob=True,
)
@given(
    steps=st.lists(STEP, min_size=1, max_size=10), frames=st.lists(st.none() | st.integers(0, 60), max_size=5)
)
def test_changes_leave_what_the_model_says(ground, steps, frames):
    stage, model = Stage(*ground), Model()
    apart = [frame for place, frame in enumerate(frames) if frame is None or frame not in frames[:place]]
    model.frames = dict(zip(stage.links(*apart), apart, strict=True))
    generation = stage.generation()
    for step in steps:
        a, b, intent = intent_of(model, step, generation)
        before = stage.frames()
        try:
            change = stage.change(intent, before)
        except InvalidChangeError:
            impossible = not model.frames or (step[0] == "exchange" and a == b)
            assert impossible or (step[0] == "reorder" and not model.on())
            assert stage.frames() == before
            continue
        follow(model, step, a, b, change.op_id)
        assert stage.frames() == as_dict(change.after) == model.frames
    assert stage.clean()
