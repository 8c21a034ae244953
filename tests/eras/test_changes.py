"""Every change of shots and variants in every era: stored without drift, or refused and nothing written."""

from dataclasses import dataclass

import pytest

from shotkit import InvalidChangeError, SchemaMismatchError, WriteNotStoredError
from shotkit.audit import run
from shotkit.kit import Kit
from tests.load.conftest import World
from tests.mutate.conftest import STORED, as_dict

FRAMES = (0, 50, 120, None)


@dataclass
class Scene:
    """A shot with four links at FRAMES, one more generation, and one with two variants."""

    world: World
    kit: Kit

    def __post_init__(self) -> None:
        self.shot = self.kit.shot(self.world.shot())
        self.members = [self.world.generation() for _ in FRAMES]
        self.links = [
            self.world.link(self.shot.id, each, frame)
            for each, frame in zip(self.members, FRAMES, strict=True)
        ]
        self.other = self.world.generation()
        self.varied = self.kit.generation(self.world.generation(location=None))
        self.variants = [self.variant(n, is_primary=n == 0) for n in range(2)]

    def variant(self, number: int, **columns: object) -> str:
        columns = {
            "location": f"/{number}.png",
            "variant_type": "edit",
            "project_id": self.world.project,
        } | columns
        return self.world.insert("generation_variants", generation_id=self.varied.id, **columns)

    def stored(self) -> list[tuple[str, ...]]:
        return self.world.connection.execute(STORED).fetchall()

    def generations(self) -> int:
        [count] = self.world.connection.execute("select count(*) from public.generations").fetchone()
        return count

    def wrong(self) -> list[str]:
        """What the audits find; a generation that the app made without variants has no original."""
        found = run(self.kit.database).findings
        return found.loc[found["level"] == "error", "audit"].to_list()


@pytest.fixture
def scene(world, kit):
    return Scene(world, kit)


# On S and J what was moved once is kept in place by a trigger, so that taking it back is refused.
MOVES = {
    "move": (lambda s: s.shot.move(s.links[0], 20), (20, 50, 120, None)),
    "exchange": (lambda s: s.shot.exchange(s.links[0], s.links[1]), (50, 0, 120, None)),
    "reorder": (lambda s: s.shot.reorder([s.links[n] for n in (2, 0, 1)]), (50, 120, 0, None)),
    "move_to": (lambda s: s.shot.move_to([s.links[2]], 1), (0, 50, 25, None)),
    "shift": (lambda s: s.shot.shift(s.links[:2], 5), (5, 55, 120, None)),
    "place": (lambda s: s.shot.place(s.links[3]), (0, 50, 120, 180)),
    "unplace": (lambda s: s.shot.unplace(s.links[0]), (None, 0, 70, None)),
    "initialize": (lambda s: s.shot.initialize(), (0, 50, 120, 180)),
}
OTHERS = {
    "add": lambda s: s.shot.add(s.other),
    "add off the timeline": lambda s: s.shot.add(s.other, positioned=False),
    "remove": lambda s: s.shot.remove(s.links[2]),
    "set_prompts": lambda s: s.shot.set_prompts(s.links[0], "fog"),
    "create_shot": lambda s: s.kit.create_shot(s.world.project, "Dusk", s.other),
    "duplicate": lambda s: s.shot.duplicate(),
    "make_primary": lambda s: s.varied.make_primary(s.variants[1]),
    "add_variant": lambda s: s.varied.add_variant("/9.png"),
    "add_variant as primary": lambda s: s.varied.add_variant("/9.png", is_primary=True),
    "delete_variant": lambda s: s.varied.delete_variant(s.variants[1]),
}


@pytest.mark.parametrize("name", MOVES)
def test_a_move_is_stored_and_taken_back_or_that_is_refused(scene, era, name):
    change, expected = MOVES[name]
    assert scene.wrong() == []
    change(scene)
    links = as_dict(scene.shot.links())
    assert [links[link] for link in scene.links] == list(expected)
    assert (scene.wrong(), len(scene.shot.drift())) == ([], 0)
    moved = scene.stored()
    if era == "a":
        scene.kit.undo()
        scene.shot.refresh()
        assert [as_dict(scene.shot.links())[link] for link in scene.links] == list(FRAMES)
    else:
        with pytest.raises(WriteNotStoredError):
            scene.kit.undo()
        assert scene.stored() == moved
    assert scene.wrong() == []


@pytest.mark.parametrize("name", OTHERS)
def test_a_change_leaves_no_drift_and_neither_does_taking_it_back(scene, name):
    OTHERS[name](scene)
    assert (scene.wrong(), len(scene.shot.drift())) == ([], 0)
    scene.kit.undo()
    scene.shot.refresh()
    assert (scene.wrong(), len(scene.shot.drift())) == ([], 0)
    assert [as_dict(scene.shot.links())[link] for link in scene.links] == list(FRAMES)


@pytest.mark.parametrize("name", ["create_shot", "duplicate"])
@pytest.mark.parametrize("parents", [True, False], ids=["while each shot gets a parent", "when none does"])
def test_a_shot_is_made_taken_back_and_made_again_as_it_was(scene, era, name, parents):
    """A gives each new shot a parent generation and a link of it, which stood there before."""
    parents_made = era == "a"
    if parents_made:
        scene.world.connection.execute("alter table public.shots enable trigger trg_make_parent_of_shot")
    made = scene.kit.shot(OTHERS[name](scene).op_id)
    links = made.links()
    assert len(links) == {"create_shot": 1, "duplicate": len(FRAMES)}[name] + parents_made
    if parents_made and not parents:
        scene.world.connection.execute("alter table public.shots disable trigger trg_make_parent_of_shot")
    scene.kit.undo()
    before = scene.generations()
    scene.kit.redo()
    again = scene.kit.shot(made.id)
    again.refresh()
    kept = ["id", "generation_id", "timeline_frame"]
    assert again.links()[kept].equals(links[kept])
    assert scene.generations() == before
    assert scene.wrong() == []
    scene.kit.undo()
    scene.kit.redo()
    assert scene.wrong() == []


def test_a_second_drag_is_refused_where_a_trigger_undoes_it(scene, era):
    scene.shot.move(scene.links[0], 20)
    before = scene.stored()
    if era == "a":
        scene.shot.move(scene.links[0], 30)
        assert as_dict(scene.shot.links())[scene.links[0]] == 30
    else:
        with pytest.raises(WriteNotStoredError, match="30 became 20"):
            scene.shot.move(scene.links[0], 30)
        assert scene.stored() == before


def test_one_of_two_links_removed_leaves_the_others_entry_in_the_eras_shape(scene, era):
    twice = scene.world.link(scene.shot.id, scene.members[0], 300)
    scene.shot.remove(twice)
    assert scene.wrong() == []
    stored = scene.world.connection.execute(
        "select shot_data -> %s from generations where id = %s", [scene.shot.id, scene.members[0]]
    ).fetchone()
    assert stored == (0 if era == "s" else [0],)


def test_a_generation_twice_in_a_shot_is_more_than_a_scalar_can_say(scene, era):
    scene.shot.add(scene.members[0])
    assert scene.wrong() == (["0001_shot_data_matches_links"] if era == "s" else [])
    assert list(scene.shot.generations()["generation_id"]).count(scene.members[0]) == 2


def test_the_primary_is_deleted_and_another_takes_over_or_it_is_refused(scene, era):
    before = scene.stored()
    if era == "s":
        with pytest.raises(InvalidChangeError, match="make another variant primary before"):
            scene.varied.delete_variant(scene.variants[0])
        assert scene.stored() == before
        scene.varied.make_primary(scene.variants[1])
    scene.varied.delete_variant(scene.variants[0])
    assert scene.varied.variants()["is_primary"].to_list() == [True]
    assert scene.varied.details()["location"] == "/1.png"
    assert scene.wrong() == []


def test_an_original_is_deleted_or_the_databases_own_refusal_is_told(scene, era):
    original = scene.variant(7, variant_type="original")
    before = scene.stored()
    if era == "a":
        with pytest.raises(InvalidChangeError, match="an original variant cannot be deleted"):
            scene.varied.delete_variant(original)
        assert scene.stored() == before
    else:
        scene.varied.delete_variant(original)
        assert original not in scene.varied.variants()["id"].to_list()


def test_the_last_variant_takes_along_what_its_generation_shows(scene):
    scene.varied.delete_variant(scene.variants[1])
    scene.varied.delete_variant(scene.variants[0], last=True)
    assert scene.varied.details()["location"] is None
    assert scene.wrong() == []


@pytest.mark.parametrize(
    ("name", "eras", "column"), [("star", "a", "starred"), ("viewed", "ja", "viewed_at")]
)
def test_a_mark_of_which_the_era_has_no_column_is_refused(scene, era, name, eras, column):
    before = scene.stored()
    mark = getattr(scene.varied, name)
    if era in eras:
        mark(scene.variants[1])
        assert scene.stored() != before
    else:
        with pytest.raises(SchemaMismatchError, match=column):
            mark(scene.variants[1])
        assert scene.stored() == before
