"""A snapshot's folder is an address: what opens it reads, and changes nothing."""

from contextlib import closing

import pytest

import shotkit
from shotkit.audit import run
from shotkit.engine import Database, open_database
from shotkit.errors import ConfigurationError, ReadOnlyError
from shotkit.snapshot import take
from shotkit.widgets import Gallery
from tests.snapshot.conftest import said
from tests.widgets.page import installed


def test_all_audits_say_the_same_of_it_as_of_the_database(demo_snapshot, filled_database):
    with shotkit.connect(demo_snapshot.folder) as kit, closing(Database(filled_database)) as database:
        found, live = kit.audit(), run(database)
    assert repr(found) == repr(live)
    assert found.coverage["skipped"] == []
    assert found.engine == "duckdb"


def test_a_kit_says_that_it_is_on_a_snapshot(demo_snapshot):
    with shotkit.connect(str(demo_snapshot.folder)) as kit:
        assert repr(kit) == f"<Kit on snapshot {demo_snapshot.folder}, read-only>"


def test_what_would_write_is_refused(demo_snapshot):
    with shotkit.connect(demo_snapshot.folder) as kit:
        (project,) = kit.database.rows(said("select id from public.projects limit 1"))
        with pytest.raises(ReadOnlyError, match="connect to a database"):
            kit.create_shot(project["id"], "one")


def test_a_gallery_of_it_lists_filters_and_tells_what_is_known_and_adds_nothing(demo_snapshot, monkeypatch):
    page = installed(monkeypatch)
    with shotkit.connect(demo_snapshot.folder) as kit:
        view = Gallery(kit)
        total = view.state["total"]
        assert total == len(kit.generations()) > 0
        (item,) = page.ask(view, "page", version=0, start=0, count=1)["items"]
        assert page.ask(view, "details", generation_id=item["generation_id"])["variants"]
        page.ask(view, "filter", in_no_shot=True)
        assert 0 < view.state["total"] < total
        view.selected = kit.generations(in_no_shot=True)["generation_id"][:1]
        page.ask(view, "refresh")
        reply = page.ask(view, "add", shot_id=view.state["shots"][0]["id"])
        assert (reply["added"], reply["refused"]["kind"]) == (0, "ReadOnlyError")
        view.close()


def test_nobody_is_acted_as(demo_snapshot):
    with pytest.raises(ConfigurationError, match="open it as nobody"):
        open_database(demo_snapshot.folder, user_id="00000000-0000-0000-0000-000000000000")


def test_no_snapshot_is_taken_of_a_snapshot(demo_snapshot, tmp_path):
    with (
        closing(open_database(demo_snapshot.folder)) as database,
        pytest.raises(ConfigurationError, match="can be copied as it is"),
    ):
        take(database, tmp_path / "again")
    assert list(tmp_path.iterdir()) == []
