"""The journal's file: made once, shared by processes and threads, refused with a reason when it cannot be."""

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from shotkit.errors import ConfigurationError, CouldNotCompleteError
from shotkit.journal import Journal
from tests.journal.conftest import Change, entry

WRITER = """
import sys
from pathlib import Path
from tests.journal.conftest import Change, entry
from shotkit.journal import Journal

journal = Journal(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    one = entry()
    journal.begin(one)
    journal.settle(one.op_id, Change())
print(one.op_id)
"""


def test_processes_that_write_at_once_lose_nothing(journal, path):
    """Those that make the file at the same time, too."""
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, path, "40"], stdout=subprocess.PIPE) for _ in range(4)
    ]
    last = {writer.communicate()[0].decode().strip() for writer in writers}
    assert [writer.returncode for writer in writers] == [0] * 4
    assert len(journal.entries()) == 160
    assert {one.status for one in journal.entries()} == {"stored"}
    assert last <= {one.op_id for one in journal.entries()}


def test_threads_share_one_journal(journal):
    def work(_: int) -> None:
        for _ in range(20):
            one = entry()
            journal.begin(one)
            journal.settle(one.op_id, Change())

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, range(6)))
    assert len(journal.entries()) == 120


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_opens_the_file_anew(journal, done):
    done()
    if (child := os.fork()) == 0:
        try:
            done()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    done()
    assert len(journal.entries()) == 3


def test_a_newer_file_is_refused_and_left_alone(journal, path, done):
    done()
    journal.close()
    with sqlite3.connect(path) as connection:
        connection.execute("pragma user_version = 99")
    connection.close()
    for use in (journal.entries, lambda: journal.begin(entry())):
        with pytest.raises(ConfigurationError, match=r"written by a newer shotkit \(version 99, .* 1\)"):
            use()


def test_an_empty_file_is_brought_up_to_date(journal, path, done):
    path.parent.mkdir()
    path.touch()
    done()
    journal.close()
    connection = sqlite3.connect(path)
    assert connection.execute("pragma user_version").fetchone() == (1,)
    assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(journal, path, monkeypatch):
    monkeypatch.setattr("shotkit.sql.names", lambda _: ("journal/migrations/0001_entries", "journal/undo"))
    with pytest.raises(CouldNotCompleteError, match="cannot be written"):
        journal.begin(entry())
    connection = sqlite3.connect(path)
    assert connection.execute("pragma user_version").fetchone() == (0,)
    assert connection.execute("select count(*) from sqlite_master").fetchone() == (0,)
    connection.close()


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_sent(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CouldNotCompleteError, match=r"cannot be written: .* Nothing was sent"):
        Journal(tmp_path / "file" / "journal.sqlite").begin(entry())


def test_a_file_that_is_no_journal_is_told_and_left_alone(journal, path):
    path.parent.mkdir()
    path.write_text("these are notes of mine, and no database" * 100)
    with pytest.raises(CouldNotCompleteError, match="file is not a database"):
        journal.begin(entry())
    assert path.read_text().startswith("these are notes")


def test_a_full_disk_is_told_before_anything_is_sent(journal, done):
    first = done()
    limit(journal)
    with pytest.raises(CouldNotCompleteError, match="full"):
        journal.begin(entry(label="x" * 1_000_000))
    assert journal.find(first).status == "stored"


def test_after_the_commit_a_full_disk_only_warns_and_the_change_stays_unknown(journal):
    one = entry()
    journal.begin(one)
    limit(journal)
    with pytest.warns(RuntimeWarning, match=f"What became of the change {one.op_id} could not be noted"):
        journal.settle(one.op_id, Change('"' + os.urandom(2_000_000).hex() + '"'))
    assert journal.unsettled() == [one]


def test_a_writer_that_does_not_end_is_told(journal, path, done, monkeypatch):
    monkeypatch.setattr("shotkit.journal.file._PATIENCE", 0.1)
    done()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(CouldNotCompleteError, match="database is locked"):
        journal.begin(entry())
    assert len(journal.entries()) == 1, "readers do not wait for it"
    other.execute("rollback")
    other.close()


def test_an_interrupted_write_is_rolled_back(journal, done):
    done()

    def interrupted(connection):
        connection.execute("delete from entries")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        journal._file.write(interrupted)
    assert len(journal.entries()) == 1


def limit(journal) -> None:
    """Let the file grow no further, as on a full disk."""
    connection = journal._file._connection()
    [pages] = connection.execute("pragma page_count").fetchone()
    connection.execute(f"pragma max_page_count = {pages}")


def overwrite(path):
    """Garbage over a journal in mid-run, with what its log still held."""
    for each in path.parent.iterdir():
        each.write_bytes(b"garbage" * 9000)


def test_damage_in_mid_run_is_told_at_the_next_use_with_the_file_and_the_way_out(journal, path, done):
    done()
    overwrite(path)
    for use in (journal.entries, lambda: journal.begin(entry())):
        with pytest.raises(CouldNotCompleteError, match=r"cannot be read: .* move the file away") as told:
            use()
        assert str(path) in str(told.value)
    for each in path.parent.iterdir():
        each.unlink()
    done()
    assert len(journal.entries()) == 1


def test_a_journal_moved_away_in_mid_run_is_begun_anew(journal, path, done):
    done()
    path.parent.rename(path.parent.with_name("away"))
    new = done()
    assert [one.op_id for one in journal.entries()] == [new]


def test_a_second_journal_on_the_file_takes_no_lock_from_the_first(journal, path, done):
    """Else a third, of another process, would end as the last one and take the log away."""
    first = done()
    Journal(path).entries()
    read = "c = sqlite3.connect(sys.argv[1]); c.execute('select * from entries').fetchall(); c.close()"
    subprocess.run([sys.executable, "-c", f"import sqlite3, sys; {read}", path], check=True)
    assert path.with_name("journal.sqlite-wal").exists()
    second = done()
    assert {one.op_id for one in Journal(path).entries()} == {first, second}
