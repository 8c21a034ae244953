"""Uploads: file, thumbnail, generation, variant and link at once, or nothing of it, whatever goes wrong."""

import errno
import os
import re
import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from PIL import Image

from shotkit.cli.orphans import orphans
from shotkit.cli.upload import upload as command
from shotkit.engine import Database, Transaction, open_database
from shotkit.errors import (
    ConfigurationError,
    CouldNotCompleteError,
    InvalidChangeError,
    NotPermittedError,
    ReadOnlyError,
    StaleShotError,
)
from shotkit.journal import Journal
from shotkit.kit import Kit
from shotkit.storage import LARGEST, Store
from shotkit.storage.media import MOST_PIXELS
from tests.mutate.conftest import as_dict

PAGE = (Path(__file__).parents[2] / "docs" / "storage.md").read_text("utf-8")
WEBM = b"\x1a\x45\xdf\xa3 the rest of a film"
TABLES = ("public.generations", "public.generation_variants", "public.shot_generations")


def picture(size=(640, 360), form="PNG", colour="navy", **options) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, form, **options)
    return written.getvalue()


@pytest.fixture
def files(tmp_path):
    """Two images, one of a hostile name."""
    made = [tmp_path / "dawn.png", tmp_path / "odd 'name' %s; --.jpeg"]
    made[0].write_bytes(picture())
    made[1].write_bytes(picture(form="JPEG", colour="red"))
    return made


@pytest.fixture
def empty(stage, kit):
    """Says whether neither an object nor a row is there."""

    def look() -> bool:
        rows = sum(stage.connection.execute(f"select count(*) from {t}").fetchone()[0] for t in TABLES)
        return not objects(kit) and not rows and not len(kit.orphans(older_than=0))

    return look


def objects(kit) -> list[str]:
    found = kit.store.root.glob("image_uploads/**/*")
    return sorted(path.relative_to(kit.store.root).as_posix() for path in found if path.is_file())


def generations(stage) -> list[dict]:
    text = (
        "select g.name, g.type, g.location, g.thumbnail_url, g.params, v.variant_type, v.is_primary,"
        " v.id = g.primary_variant_id as is_shown, v.location = g.location as agrees"
        " from public.generations g join public.generation_variants v on v.generation_id = g.id"
        " order by g.created_at"
    )
    with stage.connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        return cursor.execute(text).fetchall()


def test_files_become_generations_with_original_variants_and_links_behind_the_last(stage, kit, files):
    stage.links(0, 40)
    shot = kit.shot(stage.shot_id)
    shot.timeline()
    change = kit.upload(shot, files)
    assert change.after["timeline_frame"].to_list() == [0, 40, 80, 120]
    assert as_dict(change.after) == stage.frames()
    rows = generations(stage)[2:]
    assert [row["name"] for row in rows] == [file.name for file in files]
    for row, ending in zip(rows, (".png", ".jpg"), strict=True):
        assert (row["type"], row["variant_type"]) == ("image", "original")
        assert all(row[name] for name in ("is_primary", "is_shown", "agrees"))
        assert f"/image_uploads/{stage.user}/uploads/" in row["location"]
        assert row["location"].endswith(ending)
        assert row["params"] == {"source": "upload", "original_filename": row["name"]}
    assert kit.store.read(rows[0]["location"]) == files[0].read_bytes()
    assert len(objects(kit)) == 4
    assert stage.clean()
    shot.remove(change.op_id)  # the handle followed, and need not look again
    assert kit.orphans(older_than=0).empty


def test_a_thumbnail_is_small_and_upright_as_exif_says(stage, kit, tmp_path):
    turned = Image.Exif()
    turned[0x0112] = 6  # to be turned by a quarter
    (tmp_path / "phone.jpg").write_bytes(picture((600, 400), "JPEG", exif=turned))
    Image.new("RGBA", (500, 50), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    kit.upload(stage.shot_id, [tmp_path / "phone.jpg", tmp_path / "clear.png"], positioned=False)
    phone, clear = (Image.open(BytesIO(kit.store.read(row["thumbnail_url"]))) for row in generations(stage))
    assert (phone.size, clear.size) == ((200, 300), (300, 30))
    assert clear.getpixel((5, 5)) == (255, 255, 255), "what is transparent is white, not black"
    assert set(stage.frames().values()) == {None}


def test_a_video_without_a_poster_is_told_and_with_ffmpeg_has_one(stage, kit, tmp_path, monkeypatch):
    (tmp_path / "film.bin").write_bytes(WEBM)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.warns(UserWarning, match=r"No poster could be made of 'film.bin'; install ffmpeg"):
        kit.upload(stage.shot_id, tmp_path / "film.bin")
    (tmp_path / "still.jpg").write_bytes(picture((900, 600), "JPEG"))
    (tmp_path / "ffmpeg").write_text(f"#!/bin/sh\nexec /bin/cat '{tmp_path}/still.jpg'\n")
    (tmp_path / "ffmpeg").chmod(0o755)
    kit.upload(stage.shot_id, tmp_path / "film.bin")
    bare, shown = generations(stage)
    assert (bare["type"], bare["thumbnail_url"], bare["location"][-5:]) == ("video", None, ".webm")
    assert Image.open(BytesIO(kit.store.read(shown["thumbnail_url"]))).size == (300, 200)


WRONG = {
    "empty.png": "is empty",
    "big.png": "has 100,001 bytes, more than 100,000",
    "text.png": "is no image or video",
    "torn.jpg": "is a damaged image",
    "wide.png": "has 1000 x 1000 pixels",
    "link.png": "is a symbolic link",
    "pipe.png": "is no plain file",
    "missing.png": "is not there",
    "again.png": "is given twice",
    "folder": "is a folder",
}


@pytest.fixture
def wrong(tmp_path, files, monkeypatch):
    monkeypatch.setattr("shotkit.storage.media.LARGEST", 100_000)
    monkeypatch.setattr("shotkit.storage.media.MOST_PIXELS", 300_000)
    (tmp_path / "empty.png").touch()
    (tmp_path / "big.png").write_bytes(bytes(100_001))
    (tmp_path / "text.png").write_text("<svg onload=alert(1)>")
    (tmp_path / "torn.jpg").write_bytes(picture(form="JPEG")[:400])
    (tmp_path / "wide.png").write_bytes(picture((1_000, 1_000)))
    (tmp_path / "link.png").symlink_to(files[0])
    os.mkfifo(tmp_path / "pipe.png")
    os.link(files[0], tmp_path / "again.png")
    (tmp_path / "folder").mkdir()
    return [tmp_path / name for name in WRONG]


def test_all_files_that_cannot_be_uploaded_are_named_and_nothing_is_written(stage, kit, files, wrong, empty):
    with pytest.raises(InvalidChangeError, match="Nothing was uploaded") as caught:
        kit.upload(stage.shot_id, [*files, *wrong, files[1]])
    for path in wrong:
        assert f"{str(path)!r} {WRONG[path.name]}" in str(caught.value)
    assert f"{str(files[1])!r} is given twice" in str(caught.value)
    assert f"{str(files[0])!r} " not in str(caught.value)
    for none in ([], 4, None):
        with pytest.raises(InvalidChangeError, match="file"):
            kit.upload(stage.shot_id, none)
    assert empty()


def test_a_dry_run_tells_the_frames_and_writes_nothing(stage, kit, files, empty):
    change = kit.upload(stage.shot_id, files, dry_run=True)
    assert change.after["timeline_frame"].to_list() == [0, 81]
    assert change.dry_run
    assert empty()
    assert kit.history().empty


def fails_at(monkeypatch, owner, name, turn, error):
    """Let the call number `turn` of a method fail before it does anything; return the list of calls."""
    calls, original = [], getattr(owner, name)

    def failing(self, *arguments, **options):
        calls.append(arguments)
        if len(calls) == turn + 1:
            raise error
        return original(self, *arguments, **options)

    monkeypatch.setattr(owner, name, failing)
    return calls


STEPS = ((Store, "put"), (Journal, "begin"), (Transaction, "run"), (psycopg.Connection, "commit"))


@pytest.mark.parametrize("error", [OSError(errno.EIO, "broken"), KeyboardInterrupt()], ids=["fault", "break"])
def test_whatever_fails_at_any_step_leaves_neither_object_nor_row(  # noqa: PLR0917
    stage, kit, files, empty, monkeypatch, error
):
    """Steps: each file put, the journal, each statement of the transaction, the commit."""
    shot, steps = kit.shot(stage.shot_id), 0
    for owner, name in STEPS:
        for turn in range(40):
            with monkeypatch.context() as patch:
                calls = fails_at(patch, owner, name, turn, error)
                try:
                    kit.upload(shot, files)
                except (type(error), CouldNotCompleteError):
                    steps += 1
            if len(calls) <= turn:
                break  # there is no further step of this kind
            assert empty(), (name, turn)
        kit.undo()
        for left in kit.orphans(older_than=0)["location"]:
            kit.store.remove(left)
    assert steps >= 4 + 1 + 8 + 1


def test_a_break_after_the_commit_keeps_both_and_the_journal_finds_it(stage, kit, files, monkeypatch):
    with monkeypatch.context() as patch:
        fails_at(patch, Journal, "settle", 0, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            kit.upload(stage.shot_id, files)
    assert len(objects(kit)) == 4
    assert len(stage.frames()) == 2
    assert kit.history()["status"].to_list() == ["stored"]


@pytest.mark.parametrize("cut", ["before", "after"])
def test_an_upload_whose_answer_is_lost_is_stored_once_with_its_files(  # noqa: PLR0917
    stage, through, cutter, files, tmp_path, cut
):
    with Kit(through(), Store(tmp_path / "store"), Journal(tmp_path / "journal.sqlite")) as kit:
        kit.shot(stage.shot_id)
        cutter.cuts += [cut]
        kit.upload(stage.shot_id, files)
        assert not cutter.cuts
        assert (len(objects(kit)), len(stage.frames())) == (4, 2)


def test_what_a_killed_process_left_is_listed_as_an_orphan(stage, kit, files):
    kit.upload(stage.shot_id, files)
    left = kit.store.put("image_uploads", f"{stage.user}/uploads/1-a.png", b"left", user_id=stage.user)
    assert kit.orphans().empty, "it is young: another process may be about to store its row"
    assert kit.orphans(older_than=0)["location"].to_list() == [left]


def test_objects_that_cannot_be_removed_again_are_told(stage, kit, files, monkeypatch):
    fails_at(monkeypatch, Store, "put", 1, KeyboardInterrupt())
    fails_at(monkeypatch, Store, "remove", 0, CouldNotCompleteError("stuck"))
    told = r"1 files .* could not be removed.*kit.orphans\(\) lists"
    with pytest.warns(RuntimeWarning, match=told), pytest.raises(KeyboardInterrupt):
        kit.upload(stage.shot_id, files)
    assert len(kit.orphans(older_than=0)) == 1


def test_a_file_that_changes_under_way_is_not_uploaded(stage, kit, files, empty, monkeypatch):
    put = Store.put

    def changed(self, *arguments, **options):
        files[1].write_bytes(picture(colour="white"))
        return put(self, *arguments, **options)

    monkeypatch.setattr(Store, "put", changed)
    with pytest.raises(CouldNotCompleteError, match="was changed while it was uploaded"):
        kit.upload(stage.shot_id, files)
    assert empty()


def test_an_undo_takes_it_back_and_a_redo_brings_it_again(stage, kit, files):
    stage.links(0)
    shot = kit.shot(stage.shot_id)
    before, rows = stage.frames(), generations(stage)
    kit.upload(shot, files)
    uploaded, after = generations(stage), stage.frames()
    assert kit.undo(dry_run=True).after["id"].to_list() == list(before)
    shot.undo()
    assert (generations(stage), stage.frames()) == (rows, before)
    assert len(kit.orphans(older_than=0)) == 4, "the files wait for a redo"
    kit.redo()
    assert (generations(stage), stage.frames()) == (uploaded, after)
    assert stage.clean()
    assert "kit.upload(" in kit.script()
    kit.generation(shot.timeline()["generation_id"].iloc[1]).add_variant("/b.png")
    with pytest.raises(StaleShotError, match="other variants"):
        kit.undo(kit.history()["op_id"].iloc[-1])
    assert stage.frames() == after


def test_who_may_not_write_leaves_no_file(stage, kits, files):
    reader = kits(read_only=True)
    with pytest.raises(ReadOnlyError):
        reader.upload(stage.shot_id, files)
    other = stage.insert("users", name="Eve")
    for table in ("shots", "projects"):
        stage.connection.execute(
            f"create policy seen on public.{table} for select to authenticated using (true)"
        )
    with pytest.raises(NotPermittedError):
        kits(user_id=other).upload(stage.shot_id, files)
    assert not objects(reader)
    kits(user_id=stage.user).upload(stage.shot_id, files)
    assert len(stage.frames()) == 2


def test_a_real_database_is_not_given_rows_whose_files_are_only_here(stage, kit, files, empty, monkeypatch):
    monkeypatch.setattr("shotkit.engine.Database.is_scratch", False)
    with pytest.raises(ConfigurationError, match="set SHOTKIT_STORAGE to its S3 endpoint"):
        kit.upload(stage.shot_id, files)
    assert empty()


def test_the_command_uploads_or_says_in_one_line_why_not(stage, database, files, monkeypatch, tmp_path):
    monkeypatch.setenv("SHOTKIT_HOME", str(tmp_path / "home"))
    asked = [stage.shot_id, *map(str, files), "--url", database, "--format", "csv"]
    assert CliRunner().invoke(command, [*asked, "--dry-run"]).stdout.count("\n") == 3
    assert not stage.frames()
    done = CliRunner().invoke(command, asked)
    assert done.exit_code == 0, done.output
    assert len(stage.frames()) == 2
    refused = CliRunner().invoke(command, [*asked, "missing"])
    assert isinstance(refused.exception, InvalidChangeError)
    assert "'missing' is not there" in str(refused.exception)


def test_the_snippet_of_the_page_runs(stage, kit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, form in (("dawn.png", "PNG"), ("dusk.jpg", "JPEG"), ("noon.png", "PNG")):
        (tmp_path / name).write_bytes(picture(form=form))
    [block] = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    exec(compile(block, "docs/storage.md", "exec"), {"kit": kit, "shot": stage.shot_id})  # noqa: S102  our own page
    assert len(kit.orphans(older_than=0)) == 4
    for number in (LARGEST >> 20, MOST_PIXELS // 10**6):
        assert f" {number} " in PAGE


def test_with_an_s3_endpoint_files_and_addresses_are_there(stage, database, store, files, tmp_path):
    with Kit(Database(database), store, Journal(tmp_path / "journal.sqlite")) as kit:
        kit.upload(stage.shot_id, files)
        [first, _] = generations(stage)
        assert first["location"].startswith("https://ref.supabase.co/storage/v1/object/public/image_uploads/")
        assert store.read(first["location"]) == files[0].read_bytes()
        assert kit.orphans(older_than=0).empty
        kit.undo()
        assert len(kit.orphans(older_than=0)) == 4


KILLED_AFTER = {
    "half a file": "import fsspec.implementations.local as f; f.LocalFileSystem.mv = die",
    "a file": "done = S.put; S.put = lambda *a, **k: (done(*a, **k), die())",
    "all files": "import shotkit.journal as j; j.Journal.begin = die",
    "all rows": "import psycopg; psycopg.Connection.commit = die",
}
KILLED = """
import os, signal, sys
from shotkit.storage import Store as S
die = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
{}
from shotkit.cli import main
main()
"""


@pytest.mark.parametrize("point", KILLED_AFTER)
def test_a_kill_leaves_no_row_without_its_file_and_the_same_command_finishes_the_job(  # noqa: PLR0917
    stage, database, files, monkeypatch, tmp_path, point
):
    monkeypatch.setenv("SHOTKIT_HOME", str(tmp_path / "home"))
    asked = ["upload", stage.shot_id, *map(str, files), "--url", database]
    kill = KILLED.format(KILLED_AFTER[point])
    killed = subprocess.run([sys.executable, "-c", kill, *asked], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not stage.frames()
    with Kit(Database(database), Store(tmp_path / "home" / "storage"), Journal()) as kit:
        left = {f"{kit.store.root}/{path}" for path in objects(kit)}
        assert left
        found = kit.orphans(older_than=0)["location"]
        assert {kit.store.address(each).removeprefix("file://") for each in found} == left
        assert CliRunner().invoke(command, asked[1:]).exit_code == 0
        assert [row["name"] for row in generations(stage)] == [file.name for file in files]
        assert len(stage.frames()) == 2
        assert kit.orphans(older_than=0)["location"].to_list() == found.to_list()
        listed = CliRunner().invoke(orphans, ["--older-than", "0", "--url", database, "--format", "csv"])
        assert listed.stdout.count("\n") == len(left) + 1
        gone = ["--older-than", "0", "--url", database, "--remove"]
        assert CliRunner().invoke(orphans, gone, input="n\n").exit_code == 1
        assert len(kit.orphans(older_than=0)) == len(left)
        removed = CliRunner().invoke(orphans, [*gone, "--yes"])
        assert f"Removed {len(left)} files" in removed.stderr
        assert kit.orphans(older_than=0).empty
        assert len(objects(kit)) == 4
        assert all(kit.store.exists(row["location"]) for row in generations(stage))


def test_files_are_not_called_orphans_nor_removed_by_who_may_not_see_all_rows_or_write(
    stage, kits, files, tmp_path
):
    kits().upload(stage.shot_id, files)
    kits().undo()
    with pytest.raises(NotPermittedError, match="may hide rows that name a file"):
        kits(user_id=stage.user).orphans(older_than=0)
    with pytest.raises(ReadOnlyError):
        kits(read_only=True).orphans(older_than=0, remove=True)
    assert len(kits().orphans(older_than=0)) == 4
    kits().snapshot(tmp_path / "friday")
    with (
        Kit(open_database(tmp_path / "friday")) as old,
        pytest.raises(ConfigurationError, match="the database itself"),
    ):
        old.orphans()
