"""docs/snapshot.md: its snippets run, and it names what is left out and how it lies on the disk."""

import re
from contextlib import closing
from pathlib import Path

import shotkit
from shotkit.engine import Database
from shotkit.kit import Kit
from shotkit.snapshot.columns import ADDRESSES, SECRETS

PAGE = (Path(__file__).parents[2] / "docs" / "snapshot.md").read_text("utf-8")


def test_the_snippets_of_the_page_run(filled_database, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    with closing(Database(filled_database)) as database:
        names = {"kit": Kit(database), "shotkit": shotkit}
        exec(compile(block, "docs/snapshot.md", "exec"), names)  # noqa: S102  the page's own code
    assert names["report"].ok
    for file in re.findall(r"^friday/(\S+)", PAGE, re.MULTILINE):
        assert (tmp_path / "friday" / file).is_file()


def test_the_page_names_what_is_left_out_and_cut():
    for table, column in SECRETS:
        assert f"`{table}.{column}`" in PAGE
    for column in ADDRESSES:
        assert f"`{column}`" in PAGE


def test_the_page_names_every_table_and_every_key_of_the_manifest(demo_snapshot):
    for name in (*demo_snapshot.tables, *demo_snapshot.manifest):
        assert f"`{name}`" in PAGE
    for name in demo_snapshot.server:
        assert name in PAGE
