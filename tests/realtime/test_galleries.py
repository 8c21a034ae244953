"""Who watches a gallery is told of all that its rows come from, by messages or by asking."""

import pytest

from shotkit.realtime.watches import EVERY_PROJECT


@pytest.fixture(params=["one project", "all projects"])
def watch(request, realtime, received, committed):
    """A watched gallery, after it was asked for once."""
    project_id = str(committed.project) if request.param == "one project" else None
    watching = realtime.watch_gallery(project_id)
    assert watching.id == (project_id or EVERY_PROJECT)
    received.of(watching.id, "connected")
    return watching


def test_a_star_which_sends_nothing_is_found_by_asking(realtime, received, committed, watch):
    id_ = committed.generation()
    received.of(watch.id, "polled")
    committed.run("update generations set starred = true where id = %s", id_)
    told = received.of(watch.id, "polled")
    assert (told.table, told.shot_ids, told.project_ids) == ("generations", (), ())
    assert realtime.status == "listening"


def test_new_generations_links_and_shots_are_told_of_by_their_messages(received, committed, watch):
    id_ = committed.generation("/a.png")
    assert received.of(id_, "notified").generation_ids == (str(id_),)
    shot = committed.shot()
    assert received.of(committed.project, "notified").table == "shots"
    committed.link(shot, id_)
    assert received.of(shot, "notified").shot_ids == (str(shot),)


def test_a_gallery_watched_beside_a_shot_is_asked_for_at_once(realtime, received, committed):
    shot = committed.shot()
    watches = [realtime.watch(shot)]
    received.of(shot, "connected")
    watches.append(realtime.watch_gallery(str(committed.project)))
    received.of(committed.project, "connected")
    id_ = committed.generation()
    committed.run("update generations set starred = true where id = %s", id_)
    received.of(committed.project, "polled")


def test_where_nothing_is_sent_all_of_it_is_found_by_asking(realtime, received, committed, silent):
    watching = realtime.watch_gallery(None)
    received.of(watching.id, "connected")
    committed.link(committed.shot(), committed.generation())
    received.of(watching.id, "polled")
    assert realtime.status == "polling"
