"""A password, a token and a signed address go through everything, and are found nowhere after."""

import json
import os
import time
from pathlib import Path

import jwt
import nbformat
import psycopg
import pyarrow.parquet as pq
import pytest
from nbclient import NotebookClient
from psycopg.conninfo import conninfo_to_dict

from tests.load.conftest import World
from tests.plugins.demo import in_home
from tests.secrets.session import COMMANDS, SOURCES

ON_ONE_SERVER = "what is written on the user's side"

PASSWORD = "cAnArY-pAsSwOrD-4711"  # noqa: S105  a canary, no secret
SIGNED = "cAnArY-sIgNeD-0815"
KEY = "cAnArY-kEy-of-the-project-that-signs-1234"
ADDRESS = f"https://x.example/storage/v1/object/sign/image_uploads/a.png?token={SIGNED}"
SPILLED_BY_DESIGN = {"undo.jsonl"}  # holds whole addresses, as docs/repairs.md says


@pytest.fixture
def world(database: str, server):
    """A shot whose images have signed addresses, one with a wrong shot_data; a role with a password."""
    with psycopg.connect(database, autocommit=True) as connection:
        world = World(connection)
        world.database = database
        world.shot_id = world.shot(f"Dawn {ADDRESS}")
        for frame in (0, 50):
            world.made = world.generation(location=ADDRESS, thumbnail_url=ADDRESS, name=ADDRESS)
            world.link(world.shot_id, world.made, frame, {"enhanced_prompt": ADDRESS})
        world.store(world.made, f'{{"{ADDRESS}": [0]}}')
        connection.execute(f"create role canary_user superuser login password '{PASSWORD}'")
        rules = server.data / "pg_hba.conf"
        rules.write_text(f"local all canary_user scram-sha-256\n{rules.read_text()}")
        connection.execute("select pg_reload_conf()")
        yield world
        connection.execute("drop role canary_user")


@pytest.fixture
def environment(world, tmp_path, monkeypatch) -> dict[str, str]:
    place = conninfo_to_dict(world.database)
    token = jwt.encode({"sub": world.user, "role": "authenticated", "exp": time.time() + 900}, KEY)
    given = {
        "SHOTKIT_URL": f"postgresql://canary_user:{PASSWORD}@/{place['dbname']}"
        f"?host={place['host']}&port={place['port']}",
        "SHOTKIT_HOME": str(tmp_path / "home"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "CANARY_FOLDER": str(tmp_path),
        "CANARY_JWT": token,
        "CANARY_KEY": KEY,
        "CANARY_ADDRESS": ADDRESS,
        "CANARY_USER": world.user,
        "CANARY_SHOT": world.shot_id,
        "CANARY_GENERATION": world.made,
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return given


def spilled(text: str, canaries: list[str]) -> list[str]:
    """Which canaries a text holds, as they are or as JSON and HTML write them."""
    return [canary for canary in canaries if canary in text or canary in json.dumps(text)]


def test_no_secret_is_found_in_anything_that_is_left_of_a_session(environment, tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in SOURCES])
    NotebookClient(notebook, timeout=120, store_widget_state=True).execute()
    nbformat.write(notebook, tmp_path / "notebook.ipynb")
    assert len(notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]) >= 4
    run = in_home(environment["SHOTKIT_HOME"])
    run.environment["SHOTKIT_URL"] = environment["SHOTKIT_URL"]
    said = [run(*command) for command in COMMANDS]
    (tmp_path / "said.txt").write_text("\n".join(done.stdout + done.stderr for done in said))
    for file in (tmp_path / "snapshot").rglob("*.parquet"):
        file.with_suffix(".csv").write_text(pq.read_table(file).to_pandas().to_csv())
    token = environment["CANARY_JWT"]
    canaries = [PASSWORD, KEY, SIGNED, token, *token.split(".")[1:]]
    assert spilled((tmp_path / "undo.jsonl").read_text(), canaries) == [SIGNED]
    left = [path for path in tmp_path.rglob("*") if path.is_file() and path.name not in SPILLED_BY_DESIGN]
    assert {"notebook.ipynb", "log.txt", "started.txt", "said.txt", "repair.json", "journal.sqlite"} <= {
        path.name for path in left
    }
    assert [os.fspath(path.relative_to(tmp_path)) for path in left if _holds(path, canaries)] == []
    assert "pg_dump" in (tmp_path / "started.txt").read_text()


def _holds(path: Path, canaries: list[str]) -> list[str]:
    return spilled(path.read_bytes().decode("latin-1"), canaries)
