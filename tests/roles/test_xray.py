"""What a user sees of a shot and how much is hidden from him, told to nobody who does not see all himself."""

import pytest

from shotkit.errors import NotFoundError, NotPermittedError
from shotkit.shot import Shot

ON_ONE_SERVER = "the policies are tried on every server"


@pytest.fixture
def shot(world, kits):
    """A shot with two images; one of them has two variants."""
    shot = world.shot()
    for frame in (0, 50):
        world.link(shot, world.generation(), frame)
    last = world.generation()
    world.insert("generation_variants", generation_id=last, location="/b.png")
    world.link(shot, last)
    return kits().shot(shot)


def test_an_owner_sees_all_and_nothing_is_hidden_from_him(world, shot):
    seen = shot.xray(world.user)
    assert (len(seen.images), len(seen.links)) == (3, 3)
    assert seen.seen == {"shots": 1, "links": 3, "generations": 3, "variants": 4}
    assert set(seen.hidden.values()) == {0}
    assert repr(seen).endswith("links 3 (0 hidden), generations 3 (0 hidden), variants 4 (0 hidden)>")


def test_from_another_all_is_hidden_and_counted(world, shot):
    seen = shot.xray(world.insert("users", name="Ben"))
    assert (len(seen.images), len(seen.links)) == (0, 0)
    assert seen.hidden == {"shots": 1, "links": 3, "generations": 3, "variants": 4}
    assert set(seen.seen.values()) == {0}


def test_what_policies_hide_in_part_is_counted_by_kind(world, shot):
    world.connection.execute(
        "create policy only_placed on shot_generations as restrictive for select to authenticated"
        " using (timeline_frame is not null)"
    )
    seen = shot.xray(world.user)
    assert (seen.seen["links"], seen.hidden["links"], seen.hidden["generations"]) == (2, 1, 0)
    assert len(seen.links) == 2


@pytest.mark.parametrize("whom", ["owner", "anonymous"])
def test_who_does_not_see_all_himself_is_told_nothing(world, shot, kits, whom):
    kit = kits(user_id=world.user) if whom == "owner" else kits(role="authenticated")
    with pytest.raises(NotPermittedError, match="only to a connection that sees all rows"):
        Shot(kit._session, shot.id, "?", world.project).xray(world.user)


def test_a_service_is_told_too_and_stays_what_it_was(world, shot, kits):
    service = kits(role="service_role")
    handle = service.shot(shot.id)
    assert handle.xray(world.insert("users", name="Ben")).hidden["links"] == 3
    assert len(handle.links()) == 3


def test_a_shot_that_is_not_there_is_not_found(world, kits):
    with pytest.raises(NotFoundError):
        Shot(kits()._session, world.user, "?", world.project).xray(world.user)
