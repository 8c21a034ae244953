"""What callers give in the wrong kind is refused by its name, and nothing is sent; list-likes are lists."""

from uuid import UUID

import numpy as np
import pandas as pd
import pytest

from shotkit import ConfigurationError, InvalidChangeError, connect

NO_FLAGS = ["False", 0, None, pd.NA]


@pytest.fixture
def ids(stage):
    return stage.links(0, 40, 100, None)


@pytest.fixture
def gen(stage, kit):
    return kit.generation(stage.generation())


# Every change with a flag, by a call that would be right with True or False.
FLAGGED = {
    "move dry_run": lambda shot, _, ids, flag: shot.move(ids[0], 60, dry_run=flag),
    "exchange rebase": lambda shot, _, ids, flag: shot.exchange(ids[0], ids[1], rebase=flag),
    "normalize dry_run": lambda shot, _k, _i, flag: shot.normalize(dry_run=flag),
    "add positioned": lambda shot, _, _i, flag: shot.add(shot.images()["generation_id"].iloc[0], flag),
    "duplicate": lambda shot, _k, _i, flag: shot.duplicate(dry_run=flag),
    "shot.undo": lambda shot, _k, _i, flag: shot.undo(dry_run=flag),
    "shot.redo": lambda shot, _k, _i, flag: shot.redo(dry_run=flag),
    "create_shot": lambda _, kit, _i, flag: kit.create_shot("Film", "Dusk", dry_run=flag),
    "kit.undo": lambda _, kit, _i, flag: kit.undo(dry_run=flag),
    "kit.redo": lambda _, kit, _i, flag: kit.redo(dry_run=flag),
    "repair": lambda _, kit, _i, flag: kit.repair(apply=flag),
}
VARIANTS = {
    "star": lambda gen, id_, flag: gen.star(id_, starred=flag),
    "star dry_run": lambda gen, id_, flag: gen.star(id_, dry_run=flag),
    "viewed": lambda gen, id_, flag: gen.viewed(id_, dry_run=flag),
    "make_primary": lambda gen, id_, flag: gen.make_primary(id_, dry_run=flag),
    "add_variant": lambda gen, _, flag: gen.add_variant("/b.png", is_primary=flag),
    "delete_variant": lambda gen, id_, flag: gen.delete_variant(id_, last=flag),
}
LISTED = ["starred", "edits_only", "children", "unpositioned", "in_no_shot", "with_prompts"]


@pytest.mark.parametrize("flag", NO_FLAGS, ids=repr)
@pytest.mark.parametrize("name", FLAGGED)
def test_a_flag_of_a_change_that_is_neither_true_nor_false_is_refused(  # noqa: PLR0917
    stage, kit, shot, ids, name, flag
):
    stored = stage.stored()
    with pytest.raises(InvalidChangeError, match="is True or False, found"):
        FLAGGED[name](shot, kit, ids, flag)
    assert stage.stored() == stored


@pytest.mark.parametrize("flag", NO_FLAGS, ids=repr)
@pytest.mark.parametrize("name", VARIANTS)
def test_a_flag_of_a_change_of_variants_is_held_to_the_same(stage, gen, name, flag):
    [variant] = gen.variants()["id"]
    stored = stage.stored()
    with pytest.raises(InvalidChangeError, match="is True or False, found"):
        VARIANTS[name](gen, variant, flag)
    assert stage.stored() == stored


@pytest.mark.parametrize("flag", NO_FLAGS, ids=repr)
@pytest.mark.parametrize("name", LISTED)
def test_a_flag_of_a_list_that_is_neither_true_nor_false_is_refused(kit, name, flag):
    with pytest.raises(ConfigurationError, match=f"{name} is True or False, found"):
        kit.generations(**{name: flag})


def test_whether_a_connection_is_read_only_is_no_question_of_truthiness():
    with pytest.raises(ConfigurationError, match="read_only is True or False, found 'False'"):
        connect("postgresql://nowhere/x", read_only="False")


def test_the_flags_of_numpy_are_flags(stage, shot, ids):
    shot.move(ids[0], 60, dry_run=np.True_)
    assert stage.frames()[ids[0]] == 0
    change = shot.add(shot.images()["generation_id"].iloc[0], np.False_)
    assert stage.frames()[change.op_id] is None
    assert change.code.endswith("positioned=False)")


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (lambda _: None, "ids in a list or a Series, in the order meant, found nothing"),
        (lambda _: 4, "found int 4"),
        (lambda ids: set(ids[:3]), "found set"),
        (lambda ids: dict.fromkeys(ids[:3]), "found dict"),
        (lambda ids: pd.DataFrame({"id": ids[:3]}), r"found DataFrame.*rows\['id'\]"),
        (lambda ids: ids[0].encode(), "found bytes"),
        (lambda _: pd.Series([True, False, True]), r"a mask of True and False; give rows\.loc\[mask, 'id'\]"),
        (lambda _: np.array([True, False]), "a mask of True and False"),
        (lambda _: pd.Series([True, pd.NA], dtype="bool[pyarrow]"), "a mask of True and False"),
        (lambda _: [pd.NA], "is no link of this shot"),
        (lambda _: [], "No link was named"),
    ],
)
@pytest.mark.parametrize("change", ["reorder", "move_to"])
def test_what_is_no_order_of_ids_is_refused_with_the_way_out(  # noqa: PLR0917
    stage, shot, ids, change, order, said
):
    stored = stage.stored()
    with pytest.raises(InvalidChangeError, match=f"(?s){said}"):
        shot.reorder(order(ids)) if change == "reorder" else shot.move_to(order(ids), 0)
    assert stage.stored() == stored


@pytest.mark.parametrize(
    "like",
    [
        list,
        tuple,
        iter,
        pd.Index,
        np.array,
        lambda ids: dict.fromkeys(ids).keys(),
        pd.Series,
        lambda ids: pd.Series(ids, dtype="string[pyarrow]"),
        lambda ids: [UUID(id_) for id_ in ids],
    ],
)
def test_whatever_lists_ids_in_order_is_an_order(stage, shot, ids, like):
    shot.reorder(like([ids[2], ids[0], ids[1]]))
    assert stage.frames() == {ids[2]: 0, ids[0]: 40, ids[1]: 100, ids[3]: None}


def test_one_id_need_not_be_in_a_list(stage, shot, ids):
    shot.move_to(UUID(ids[2]), 0)
    assert min(stage.frames().items(), key=lambda each: (each[1] is None, each[1]))[0] == ids[2]


@pytest.mark.parametrize("op_id", [4, 0, True, pd.NA, None.__class__, ["a"]], ids=repr)
def test_an_op_id_of_another_kind_is_refused(kit, shot, ids, op_id):
    shot.move(ids[0], 20)
    with pytest.raises(InvalidChangeError, match="is no op_id"):
        kit.undo(op_id)


def test_an_empty_op_id_is_not_the_newest(stage, kit, shot, ids):
    shot.move(ids[0], 20)
    with pytest.raises(Exception, match=r"kit\.history"):
        kit.undo("")
    assert stage.frames()[ids[0]] == 20
    kit.undo(UUID(shot.move(ids[0], 30).op_id))
    assert stage.frames()[ids[0]] == 20


@pytest.mark.parametrize("seen", [4, "frames", [1], pd.DataFrame({"id": []})], ids=repr)
def test_what_was_seen_is_frames_by_id(stage, shot, ids, seen):
    with pytest.raises(InvalidChangeError, match="seen has the frame of every link by its id"):
        shot.move(ids[0], 20, seen=seen)
    shot.move(ids[0], 20, seen=pd.Series(stage.frames()))


@pytest.mark.parametrize("callback", [None, 4, "print"], ids=repr)
def test_an_observer_needs_something_to_call(shot, gen, callback):
    for handle in (shot, gen):
        with pytest.raises(ConfigurationError, match="needs a function of one argument"):
            handle.observe(callback)


@pytest.mark.parametrize("limit", ["3", -1, 1.5, True, pd.NA], ids=repr)
def test_a_limit_is_a_whole_number(kit, limit):
    with pytest.raises(ConfigurationError, match="limit must be a whole number from 0"):
        kit.generations(limit=limit)


@pytest.mark.parametrize(
    "change",
    [
        lambda shot, ids: shot.place(ids[3], pd.NA),
        lambda shot, ids: shot.move(ids[0], pd.NA),
        lambda shot, ids: shot.move_to(ids[0], pd.NA),
        lambda shot, _: shot.initialize(pd.NA),
        lambda shot, ids: shot.set_prompts(ids[0], pd.NA),
        lambda shot, _: shot.remove(pd.NA),
        lambda shot, ids: shot.exchange(ids[0], None),
    ],
)
def test_a_missing_value_of_pandas_is_refused_by_name(stage, shot, ids, change):
    stored = stage.stored()
    with pytest.raises(InvalidChangeError, match=r"NA|None"):
        change(shot, ids)
    assert stage.stored() == stored
