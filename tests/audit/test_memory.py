"""Memory of an audit does not grow with the store; findings without number are cut, and that is told."""

import os
import subprocess
import sys
from contextlib import closing
from importlib import import_module

import pytest

from shotkit.audit import Baseline, run
from shotkit.engine import Database, DuckDatabase
from shotkit.errors import ConfigurationError, CouldNotCompleteError
from shotkit.snapshot import take
from shotkit.sql import Statement
from tests.audit.world import G, S, right_documents

pytestmark = pytest.mark.only_on("own", because="memory is measured")

running = import_module("shotkit.audit.run")
ON_ONE_SERVER = "the client's memory is measured"
SMALL, LARGE = 1_000, 20_000  # generations of 2 links and 1 variant each
GROWN = """
insert into generations (id, primary_variant_id, project_id, type, location, params, shot_data)
select
    md5(n::text)::uuid, md5('v' || md5(n::text)::uuid)::uuid, %(project)s, 'image',
    'https://media.example/' || n || '.png',
    jsonb_build_object('n', n, 'prompt', repeat(md5(n::text), 12)),
    jsonb_build_object(%(shot)s::text, jsonb_build_array(n, n + 20000))
from generate_series(%(first)s::int, %(last)s::int) as n;
insert into shot_generations (shot_id, generation_id, timeline_frame)
select %(shot)s::uuid, md5(n::text)::uuid, n + 20000 * half
from generate_series(%(first)s::int, %(last)s::int) as n, generate_series(0, 1) as half;
insert into generation_variants (id, generation_id, project_id, location, params, is_primary, variant_type)
select md5('v' || g.id)::uuid, g.id, g.project_id, g.location, g.params, true, 'original'
from generations as g
where g.id not in (select v.generation_id from generation_variants as v)
"""


def grown(world, first: int, last: int) -> None:
    project, shot = world.connection.execute("select project_id, id from shots limit 1").fetchone()
    for statement in GROWN.split(";"):
        world.connection.execute(
            statement, {"project": project, "shot": str(shot), "first": first, "last": last}
        )
    world.connection.execute("analyze")


def peak(address: object) -> tuple[int, int]:
    """MB at most of an audit in a process of its own, and how many generations it saw."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.audit.memory", str(address)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"SHOTKIT_DUCKDB_MEMORY": "150MB"},
    )
    assert done.returncode == 0, done.stderr[-400:]
    peak, generations = map(int, done.stdout.split())
    return peak, generations


def test_memory_does_not_grow_with_the_store(database, world, tmp_path):
    world.build(right_documents([], []), [])
    peaks = {}
    for name, first, last in (("small", 1, SMALL), ("large", SMALL + 1, LARGE)):
        grown(world, first, last)
        with closing(Database(database)) as db:
            snapshot = take(db, tmp_path / name)
        for engine, address in (("postgres", database), ("duckdb", snapshot.folder)):
            peaks[engine, name], generations = peak(address)
            assert generations == last
    for engine in ("postgres", "duckdb"):
        assert peaks[engine, "large"] - peaks[engine, "small"] < 40, peaks


def test_findings_beyond_a_number_are_left_out_and_that_is_told(world, db, tmp_path, monkeypatch):
    links = [(g, S[0], n) for n, g in enumerate(G)]
    world.build(dict.fromkeys(G, "{}"), links)
    whole = run(db, "0001")
    with closing(DuckDatabase(take(db, tmp_path / "s"))) as duck:
        monkeypatch.setattr(running, "MOST", 5)
        for database in (db, duck):
            report = run(database, ["0001", "0002"])
            assert report.findings.equals(whole.findings[:5])
            assert report.coverage["skipped"] == [
                {"audit": whole.audits[0].audit, "reason": "of its findings only the first 5 were read"}
            ]
            assert [ran.findings for ran in report.audits] == [5, 0]
            assert not report.ok
    assert len(whole.findings) == len(G) > 5
    assert report.since(Baseline.of(whole)).compared.gone == (), "nobody can say what is gone"
    for text in (report.to_junit(), report.to_sarif(), report.to_html(), report.to_github(), repr(report)):
        assert "only the first 5 were read" in text


def test_duckdb_keeps_to_its_memory_and_puts_the_rest_aside(demo_snapshot, monkeypatch, tmp_path):
    monkeypatch.setenv("SHOTKIT_DUCKDB_MEMORY", "150MB")
    monkeypatch.setenv("SHOTKIT_SPILL", str(tmp_path))
    settings = Statement(
        "test", "settings", {}, frozenset(),
        "select current_setting('memory_limit') as memory, current_setting('temp_directory') as aside",
    )  # fmt: skip
    with closing(DuckDatabase(demo_snapshot)) as duck:
        (row,) = duck.rows(settings)
        assert row["memory"] == "143.0 MiB"
        assert row["aside"].startswith(f"{tmp_path}/shotkit-")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.delenv("SHOTKIT_DUCKDB_MEMORY")
    with closing(DuckDatabase(demo_snapshot)) as duck:
        assert duck.rows(settings)[0]["memory"] == "1.8 GiB"


def test_too_little_memory_is_told_with_the_way_out(demo_snapshot, monkeypatch):
    monkeypatch.setenv("SHOTKIT_DUCKDB_MEMORY", "1MB")
    with (
        closing(DuckDatabase(demo_snapshot)) as duck,
        pytest.raises(CouldNotCompleteError, match="more in SHOTKIT_DUCKDB_MEMORY"),
    ):
        run(duck)


@pytest.mark.parametrize(
    ("name", "value"), [("DUCKDB_MEMORY", "lots"), ("DUCKDB_MEMORY", "0GB"), ("SPILL", "/nowhere/at/all")]
)
def test_a_setting_that_is_none_is_refused(demo_snapshot, monkeypatch, name, value):
    monkeypatch.setenv(f"SHOTKIT_{name}", value)
    with pytest.raises(ConfigurationError, match=f"SHOTKIT_{name}"):
        DuckDatabase(demo_snapshot)
