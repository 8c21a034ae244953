"""The files of a snapshot: spread by the hash of the generation's id, sorted, in parts."""

from contextlib import closing
from functools import reduce
from operator import xor
from uuid import UUID

import psycopg
import pytest
from pyarrow import parquet

from shotkit.engine import Database, DuckDatabase, Snapshot, Stream
from shotkit.snapshot import buckets, export, take
from tests.snapshot.conftest import said

BUCKETS = 8
OF_A_GENERATION = {
    "generations": "id",
    "generation_variants": "generation_id",
    "shot_generations": "generation_id",
}


@pytest.fixture(scope="module")
def spread(filled_database, tmp_path_factory) -> Snapshot:
    """A snapshot in many buckets, of rows that were put aside on the disk batch by batch."""

    def small(stream, text):
        for batch in every(stream, text):
            yield from (batch.slice(start, 7) for start in range(0, len(batch), 7))

    every = Stream.batches
    with pytest.MonkeyPatch.context() as patch, closing(Database(filled_database)) as database:
        patch.setattr(export, "_BUCKET_BYTES", 1)
        patch.setattr(export, "_MOST_BUCKETS", BUCKETS)
        patch.setattr(Stream, "batches", small)
        patch.setattr(buckets, "BUDGET", 0)
        patch.setattr(buckets, "_ROW_GROUP", 4)
        return take(database, tmp_path_factory.mktemp("spread") / "spread")


def test_rows_put_aside_and_spread_are_the_same_rows(spread, duck):
    with closing(DuckDatabase(spread)) as database:
        for table in spread.tables:
            every = said(f"select * from public.{table} order by id")
            assert database.rows(every) == duck.rows(every)


def test_nothing_put_aside_is_left(spread):
    left = {path.name for path in spread.folder.rglob("*") if path.is_file()}
    assert left == {"manifest.json", "rows.parquet"} | {f"{name}.parquet" for name in spread.server}


@pytest.mark.parametrize("table", OF_A_GENERATION)
def test_what_belongs_to_a_generation_is_in_its_bucket(spread, table):
    assert spread.manifest["buckets"] == BUCKETS
    files = spread.paths(spread.tables[table])
    assert len(files) > 1
    for file in files:
        number = int(file.parent.name.removeprefix("bucket="))
        for id_ in parquet.read_table(file)[OF_A_GENERATION[table]].to_pylist():
            assert reduce(xor, UUID(id_).bytes) % BUCKETS == number


def test_the_same_rows_make_the_same_files(spread, filled_database, tmp_path):
    with closing(Database(filled_database)) as opened:
        taken, again = (take(opened, tmp_path / name) for name in ("one", "two"))
    assert taken.tables == again.tables
    assert taken.tables != spread.tables


def test_rows_whose_ids_are_no_uuids_are_spread_over_the_most_buckets_too(database, tmp_path, monkeypatch):
    monkeypatch.setattr(export, "_BUCKET_BYTES", 0)
    with psycopg.connect(database) as connection:
        connection.execute("alter table credits_ledger alter id drop default, alter id type text")
        connection.execute("insert into users (name) values ('one')")
        connection.execute(
            "insert into credits_ledger (id, user_id, amount, type) "
            "select 'entry ' || n, u.id, 1, 'manual' from users as u, generate_series(1, 40) as n"
        )
    with closing(Database(database)) as opened, closing(DuckDatabase(take(opened, tmp_path / "s"))) as duck:
        found = {row["id"] for row in duck.rows(said("select id from public.credits_ledger"))}
    assert found == {f"entry {n}" for n in range(1, 41)}
    assert duck.snapshot.manifest["buckets"] == 256
    assert len(duck.snapshot.tables["credits_ledger"]["files"]) > 1


@pytest.mark.parametrize(
    ("table", "order"),
    [
        ("generations", ("project_id", "id")),
        ("generation_variants", ("project_id", "generation_id", "id")),
        ("shot_generations", ("shot_id", "generation_id", "id")),
        ("credits_ledger", ("user_id", "id")),
    ],
)
def test_the_rows_of_one_project_stand_together(spread, table, order):
    for file in spread.paths(spread.tables[table]):
        rows = parquet.read_table(file, columns=list(order), partitioning=None)
        found = list(zip(*(rows[name].to_pylist() for name in order), strict=True))
        assert found == sorted(found)


def test_a_file_says_what_its_parts_hold(spread):
    file = max(spread.paths(spread.tables["generations"]), key=lambda path: path.stat().st_size)
    metadata = parquet.read_metadata(file)
    assert metadata.num_row_groups > 1
    place = metadata.schema.names.index("project_id")
    statistics = metadata.row_group(0).column(place).statistics
    assert statistics.min <= statistics.max
    assert metadata.row_group(0).column(place).compression == "ZSTD"


def test_a_small_database_has_one_file_a_table(demo_snapshot):
    assert demo_snapshot.manifest["buckets"] == 1
    assert {len(table["files"]) for table in demo_snapshot.tables.values()} == {1}


def test_a_table_without_rows_keeps_its_columns(database, tmp_path):
    with (
        closing(Database(database)) as opened,
        closing(DuckDatabase(take(opened, tmp_path / "empty"))) as duck,
    ):
        assert duck.rows(said("select count(timeline_frame) as n from public.shot_generations")) == [{"n": 0}]
