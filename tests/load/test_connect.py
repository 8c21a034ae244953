"""connect(): the embedded database gets its schema, whoever asks."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import shotkit
from shotkit.engine import embedded
from tests.plugins.servers import scratch

USER = "00000000-0000-0000-0000-000000000001"


@pytest.fixture
def empty_home(monkeypatch):
    for name in [name for name in os.environ if name.startswith(("PG", "SHOTKIT_URL"))]:
        monkeypatch.delenv(name)
    # Not below pytest's own folder, which other runs close to the server's user.
    with tempfile.TemporaryDirectory(prefix="shotkit-home-", dir=scratch()) as folder:
        monkeypatch.setenv("SHOTKIT_HOME", folder)
        yield Path(folder)
        embedded.stop()


def test_the_embedded_database_gets_its_schema_whoever_asks(empty_home):
    with shotkit.connect(read_only=True) as kit:
        assert len(kit.shots()) == 0
    with shotkit.connect(user_id=USER) as kit:
        assert len(kit.shots()) == 0
        assert repr(kit) == "<Kit on the embedded database>"
        assert kit.store.root == empty_home / "storage"
    with shotkit.connect(read_only=True) as kit:
        assert len(kit.generations()) == 0


@pytest.mark.only_on("own", because="the eras let anyone ask for the ledger")
def test_an_error_is_told_once_and_not_logged_beside(database):
    code = (
        "import shotkit, sys\n"
        "kit = shotkit.connect(sys.argv[1], role='anon')\n"
        "for _ in range(20):\n"
        "    try: kit.ledger()\n"
        "    except shotkit.NotPermittedError: pass\n"
        "    else: raise AssertionError\n"
    )
    done = subprocess.run([sys.executable, "-c", code, database], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
