"""A listing of generations: what filters leave, kept while it is watched, read again when it changes."""

import threading

import pytest

from shotkit import session


class Told:
    """Keeps what an observer was told, to be waited for."""

    def __init__(self):
        self.results, self._came = [], threading.Condition()

    def __call__(self, result):
        with self._came:
            self.results.append(result)
            self._came.notify_all()

    def until(self, fits):
        with self._came:
            assert self._came.wait_for(lambda: any(map(fits, self.results)), 30), self.results


def names(listing):
    return listing.rows()["generation_id"].tolist()


@pytest.fixture
def kit(kits, monkeypatch):
    monkeypatch.setattr(session, "PAUSE", 0.05)
    return kits()


def test_it_has_the_rows_of_generations_and_is_read_again_when_refreshed(stage, kit):
    first = stage.generation(location="/a.png")
    listing = kit.listing(str(stage.project), media_type="image")
    assert names(listing) == kit.generations(str(stage.project), media_type="image")["generation_id"].tolist()
    second = stage.generation(location="/b.png")
    assert set(names(listing)) == {first}
    listing.refresh()
    assert set(names(listing)) == {first, second}
    assert "project_id=" in repr(listing)
    assert "media_type='image'" in repr(listing)


def test_what_another_connection_changes_is_told_and_read(stage, kit):
    told, listing = Told(), kit.listing()
    observer = listing.observe(told)
    told.until(lambda result: result.has_data)
    made = stage.generation(location="/a.png")
    told.until(lambda result: result.has_data and made in result.data["generation_id"].to_pylist())
    observer.unsubscribe()


def test_what_this_kit_changes_is_told_though_its_echo_is_dropped(stage, kit):
    shot_id = stage.shot()
    made = stage.generation(location="/a.png")
    shot = kit.shot(shot_id)
    told, listing = Told(), shot.listing(in_no_shot=True)
    observer = listing.observe(told)
    told.until(lambda result: result.has_data and result.data.num_rows == 1)
    shot.add(made)
    told.until(lambda result: result.has_data and result.data.num_rows == 0)
    observer.unsubscribe()


def test_where_reading_is_slow_it_is_read_seldomer(stage, kit, monkeypatch):
    delays = []
    kit.listing().rows()
    kit._session.gallery_took = 3.0
    monkeypatch.setattr(kit._session.client, "invalidate", lambda *_, delay, **__: delays.append(delay))
    kit._session.forget_galleries(reason="a test")
    assert delays == [15.0]
