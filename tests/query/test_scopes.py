import pytest

from shotkit.query import invalidate_shot, invalidate_variant, shot_keys, variant_keys

ROWS = ("all-shot-generations", "s1")
LINKS = ("shot-generations-meta", "s1")
COUNT = ("unpositioned-count", "s1")
GALLERY = ("unified-generations", "shot", "s1")


@pytest.mark.parametrize(
    ("scope", "keys"),
    [
        ("images", {ROWS}),
        ("metadata", {LINKS, ROWS}),
        ("counts", {COUNT}),
        ("unified", {GALLERY}),
        ("all", {ROWS, LINKS, COUNT, GALLERY}),
    ],
)
def test_a_scope_touches_its_keys_once_each(scope, keys):
    assert len(shot_keys("s1", scope)) == len(keys)
    assert set(shot_keys("s1", scope)) == keys


def test_the_list_of_shots_is_included_when_asked_for():
    assert shot_keys("s1", "counts", include_shots=True, project_id="p1") == (COUNT, ("shots", "p1"))


def test_the_list_of_shots_needs_a_project():
    with pytest.raises(ValueError, match="project_id"):
        shot_keys("s1", include_shots=True)


def test_an_unknown_scope_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"all, images, metadata, counts, unified; found 'pictures'"):
        shot_keys("s1", "pictures")


def test_a_changed_variant_touches_its_generation_and_every_shot_that_holds_it():
    keys = variant_keys("g1", ["s1", "s2", "s1"], project_id="p1")
    assert keys[0] == ("generation-variants", "g1")
    assert set(keys[1:-1]) == {*shot_keys("s1"), *shot_keys("s2")}
    assert keys[-1] == ("unified-generations", "project", "p1")
    assert len(keys) == 1 + 8 + 1


def test_a_shot_is_invalidated_by_scope_and_no_other_with_it(client, table):
    for key in (ROWS, LINKS, COUNT, ("all-shot-generations", "s2")):
        client.fetch(key, table.read)
    invalidate_shot(client, "s1", reason="pair-prompt-update", scope="metadata")
    assert client.result(ROWS).is_stale
    assert client.result(LINKS).is_stale
    assert not client.result(COUNT).is_stale
    assert not client.result(("all-shot-generations", "s2")).is_stale
    assert client.events[-1].reason == "pair-prompt-update"


def test_delayed_calls_for_one_shot_are_joined(client, scheduler, table):
    for key in (ROWS, COUNT, ("shots", "p1")):
        client.fetch(key, table.read)
    invalidate_shot(client, "s1", reason="add-image", scope="images", delay=0.5)
    invalidate_shot(
        client, "s1", reason="move", scope="counts", include_shots=True, project_id="p1", delay=0.1
    )
    scheduler.advance(0.1)
    scheduler.work()
    told = [(event.key, event.reason) for event in client.events if event.what == "invalidate"]
    assert told == [(key, "add-image; move") for key in (ROWS, COUNT, ("shots", "p1"))]


def test_a_variant_invalidates_what_shows_it(client, table):
    client.fetch(("generation-variants", "g1"), table.read)
    client.fetch(ROWS, table.read)
    invalidate_variant(client, "g1", ["s1"], reason="primary-switch")
    assert client.result(ROWS).is_stale
    assert client.result(("generation-variants", "g1")).is_stale
