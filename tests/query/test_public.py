import subprocess
import sys
from pathlib import Path

import pytest

from shotkit import query
from shotkit.query import QueryClient
from shotkit.query.keys import as_key, as_prefix, matches


def test_the_public_names_are_pinned():
    assert query.__all__ == [
        "FREQUENTLY_CHANGING",
        "REALTIME_BACKED",
        "STATIC_REFERENCE",
        "USER_SETTINGS",
        "ClientClosedError",
        "Edit",
        "EditSettledError",
        "Event",
        "FetchCancelledError",
        "Observer",
        "Patch",
        "Preset",
        "QueryClient",
        "QueryError",
        "QueryKey",
        "QueryResult",
        "Retry",
        "Scheduler",
        "Scope",
        "SelfWaitError",
        "ThreadScheduler",
        "estimated_bytes",
        "invalidate_shot",
        "invalidate_variant",
        "is_transient",
        "matches",
        "raise_if_cancelled",
        "shot_keys",
        "variant_keys",
    ]
    assert all(getattr(query, name) is not None for name in query.__all__)


def test_the_package_runs_alone_on_the_standard_library(tmp_path):
    """Renamed, outside of shotkit, without site-packages: itself and the standard library."""
    for file in Path(query.__file__).parent.glob("*.py"):
        text = file.read_text("utf-8").replace("shotkit.query", "alone")
        (tmp_path / "alone").mkdir(exist_ok=True)
        (tmp_path / "alone" / file.name).write_text(text, "utf-8")
    code = f"import sys; sys.path[:0] = [{str(tmp_path)!r}]; import alone; print(alone.QueryClient())"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.stdout == "<QueryClient 0 entries, 0 fetching, 0 edits pending>\n", done.stderr


def test_a_key_matches_by_prefix_part_by_part():
    assert matches(("shots",), ("shots", "p1"))
    assert matches((), ("shots", "p1"))
    assert matches(("shots", "p1"), ("shots", "p1"))
    assert not matches(("shot",), ("shots", "p1"))
    assert not matches(("shots", "p1", "x"), ("shots", "p1"))


@pytest.mark.parametrize(
    ("key", "error"), [("shots", TypeError), (["shots"], TypeError), ((), ValueError), (("a", []), TypeError)]
)
def test_what_cannot_name_an_entry_is_refused(key, error):
    with pytest.raises(error):
        as_key(key)


def test_a_text_is_no_prefix():
    with pytest.raises(TypeError, match=r"A query key is a tuple.*'shots'"):
        as_prefix("shots")


@pytest.mark.parametrize(
    ("preset", "fresh_for"),
    [
        (query.REALTIME_BACKED, 30),
        (query.STATIC_REFERENCE, 300),
        (query.FREQUENTLY_CHANGING, 5),
        (query.USER_SETTINGS, 120),
    ],
)
def test_the_presets(preset, fresh_for):
    assert preset.fresh_for == fresh_for
    assert preset.unused_for == 300


def test_a_preset_of_the_past_is_refused():
    with pytest.raises(ValueError, match="seconds from 0 up"):
        query.Preset("wrong", -1)


def test_reprs_are_readable_and_show_no_rows(client, scheduler, table):
    table.rows = {"secret": "token"}
    assert repr(client) == "<QueryClient 0 entries, 0 fetching, 0 edits pending>"
    client.fetch(("rows",), table.read)
    client.prefetch(("more",), table.read)
    edit = client.edit({("rows",): lambda rows: rows}, label="move a")
    assert repr(client) == "<QueryClient 2 entries, 1 fetching, 1 edits pending>"
    assert repr(edit) == "<Edit edit-1 'move a' pending>"
    assert repr(client.result(("rows",))) == "<QueryResult success fresh pending=['move a'] data=dict>"
    assert repr(client.result(("more",))) == "<QueryResult pending stale fetching>"
    observer = client.observe(("rows",), print)
    assert repr(observer) == "<Observer of ('rows',)>"
    observer.unsubscribe()
    assert repr(observer) == "<Observer of ('rows',), ended>"
    client.close()
    assert repr(client) == "<QueryClient 2 entries, 0 fetching, 1 edits pending, closed>"


def test_the_diary_says_what_happened_and_why_and_is_bounded(scheduler, table):
    with QueryClient(scheduler=scheduler, events_kept=3) as client:
        client.fetch(("rows",), table.read)
        client.invalidate(("rows",), reason="delete-image")
        assert [str(event) for event in client.events] == [
            "1000.000 fetch ('rows',): attempt 1",
            "1000.000 land ('rows',): fresh",
            "1000.000 invalidate ('rows',): delete-image",
        ]
        client.fetch(("rows",), table.read)
        assert [event.what for event in client.events] == ["invalidate", "fetch", "land"]
