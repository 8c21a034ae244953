"""Whatever two handles and another session do in turns: what is seen is the model, nothing is lost."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shotkit import StaleShotError
from shotkit.model import unique_frame

WHO = st.sampled_from(["one", "two", "stranger"])
STEP = st.one_of(
    st.tuples(st.just("look"), WHO),
    st.tuples(st.just("refresh"), WHO),
    st.tuples(st.just("move"), WHO, st.integers(0, 3), st.integers(0, 12)),
    st.tuples(st.just("exchange"), WHO, st.integers(0, 3), st.integers(0, 3)),
)


class Model:
    """The frames as they are stored, and as each handle, and the cache that both share, know them."""

    def __init__(self, ids: list[str], frames: dict[str, int]) -> None:
        self.ids = ids
        self.stored = dict(frames)
        self.cache: dict[str, int] | None = None
        self.seen: dict[str, dict[str, int] | None] = {"one": None, "two": None}

    def moved(self, place: int, frame: int) -> dict[str, int]:
        id_ = self.ids[place]
        others = {at for other, at in self.stored.items() if other != id_}
        return {**self.stored, id_: unique_frame(frame, others)}

    def exchanged(self, a: int, b: int) -> dict[str, int]:
        a, b = self.ids[a], self.ids[b]
        return {**self.stored, a: self.stored[b], b: self.stored[a]}


@pytest.fixture
def ground(stage, kits):
    return stage, kits()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, max_size=14))
def test_the_handles_show_and_store_what_the_model_says(ground, steps):
    stage, kit = ground
    stage.connection.execute("delete from public.shot_generations")
    stage.shot_id = stage.shot()
    ids = stage.links(0, 4, 8, 12)
    model = Model(ids, dict(zip(ids, (0, 4, 8, 12), strict=True)))
    handles = {who: kit.shot(stage.shot_id) for who in model.seen}
    for step in steps:
        take(stage, model, handles, *step)
        assert stage.frames() == model.stored
    for handle in handles.values():
        handle.refresh()
        assert shown(handle) == model.stored
    assert stage.clean()


def take(stage, model, handles, what, who, *given):
    if what in {"look", "refresh"}:
        return look(model, handles, who, anew=what == "refresh")
    if what == "exchange" and given[0] == given[1]:
        return None
    after = model.moved(*given) if what == "move" else model.exchanged(*given)
    if who == "stranger":
        with stage.connection.transaction():
            for id_, frame in after.items():
                stage.connection.execute(
                    "update public.shot_generations set timeline_frame = %s where id = %s", [frame, id_]
                )
        model.stored = after
        return None
    return change(model, handles, what, who, given, after)


def look(model, handles, who, *, anew):
    if who == "stranger":
        return
    if anew:
        handles[who].refresh()
        model.cache = None
    model.cache = model.cache or model.stored
    assert shown(handles[who]) == model.cache
    model.seen[who] = model.cache


def change(model, handles, what, who, given, after):  # noqa: PLR0917
    arguments = [model.ids[given[0]], model.ids[given[1]] if what == "exchange" else given[1]]
    send = getattr(handles[who], what)
    before, seen = model.stored, model.seen[who]
    if seen is not None and seen != before:
        with pytest.raises(StaleShotError) as refused:
            send(*arguments)
        assert (refused.value.seen, refused.value.found) == (seen, before)
        model.cache = None
        return
    assert send(*arguments).frames == after
    model.stored = model.seen[who] = after
    if after != before:
        # What the cache has is replaced where it had the rows that were seen, else read anew.
        model.cache = after if seen is not None and model.cache == before else None


def shown(handle) -> dict[str, int]:
    rows = handle.generations()
    return dict(zip(rows["id"].to_list(), rows["timeline_frame"].to_list(), strict=True))
