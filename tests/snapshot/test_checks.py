"""A snapshot is whole or refused: the error names the file and the way out."""

import json
import shutil
from pathlib import Path

import pytest

from shotkit.engine import DuckDatabase, Snapshot, write_manifest
from shotkit.engine import snapshot as module
from shotkit.errors import ConfigurationError, CouldNotCompleteError
from tests.snapshot.conftest import said

LINKS = "shot_generations/bucket=00/rows.parquet"


@pytest.fixture
def folder(demo_snapshot, tmp_path) -> Path:
    return shutil.copytree(demo_snapshot.folder, tmp_path / "copy")


def refusal(folder: Path, **options) -> str:
    with pytest.raises(CouldNotCompleteError, match=r"Take it again, or copy it anew") as caught:
        Snapshot(folder, **options)
    return str(caught.value)


def test_a_copy_is_as_good(folder):
    assert repr(Snapshot(folder)) == "<Snapshot copy: 8 tables, 356 rows>"


def test_a_folder_without_a_manifest_is_none(folder):
    (folder / "manifest.json").unlink()
    with pytest.raises(ConfigurationError, match=r"no manifest\.json; take one with `shotkit snapshot`"):
        Snapshot(folder)


def test_a_missing_file_is_told(folder):
    (folder / LINKS).unlink()
    assert f"{LINKS} is missing" in refusal(folder, verify=False)


def test_a_torn_file_is_told(folder):
    whole = (folder / LINKS).read_bytes()
    (folder / LINKS).write_bytes(whole[:-1])
    assert f"{LINKS} has {len(whole) - 1} bytes, {len(whole)} were written" in refusal(folder, verify=False)


def edit(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    file.write_bytes(whole)


def test_an_edited_file_is_told(folder):
    edit(folder / LINKS)
    assert f"{LINKS} was changed since it was written" in refusal(folder)


def test_the_checksums_of_a_large_one_are_checked_when_asked_for(folder, monkeypatch):
    monkeypatch.setattr(module, "_SMALL", 1)
    edit(folder / LINKS)
    Snapshot(folder)
    assert f"{LINKS} was changed" in refusal(folder, verify=True)


def test_an_added_file_is_told(folder):
    (folder / "generations" / "more.parquet").touch()
    with pytest.raises(
        ConfigurationError, match=r"holds generations/more\.parquet, which is not of it; move"
    ):
        Snapshot(folder)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text[:-40], "manifest.json is no JSON"),
        (lambda text: text.replace('"rows": 39', '"rows": 40'), "manifest.json was changed"),
        (lambda text: text.replace('"format": 1', '"format": 2'), "manifest.json is not of format 1"),
        (lambda _: "[]", "manifest.json is not of format 1"),
        (lambda text: text.encode("utf-16").decode("latin-1"), "manifest.json is no JSON"),
    ],
)
def test_an_edited_manifest_is_told(folder, change, told):
    manifest = folder / "manifest.json"
    manifest.write_text(change(manifest.read_text()))
    assert told in refusal(folder)


def test_a_manifest_of_another_shape_is_told(folder):
    write_manifest(folder, {"tables": {"generations": []}, "server": {}})
    assert "manifest.json lacks what format 1 has" in refusal(folder)


def test_a_manifest_leads_to_no_file_outside(folder, tmp_path):
    stolen = tmp_path / "stolen.parquet"
    shutil.copy(folder / LINKS, stolen)
    body = json.loads((folder / "manifest.json").read_text())
    del body["sha256"], body["format"]
    body["tables"]["shot_generations"]["files"][0]["file"] = "../stolen.parquet"
    (folder / LINKS).unlink()
    write_manifest(folder, body)
    assert "../stolen.parquet is missing" in refusal(folder)


@pytest.mark.parametrize("name", ["it's", "a [1] *? b", "{a,b}", "ä ü", "$x;--"])
def test_a_folder_may_have_any_name(folder, tmp_path, name):
    database = DuckDatabase(Snapshot(shutil.move(folder, tmp_path / name)))
    assert database.rows(said("select count(*) as n from public.generations")) == [{"n": 60}]
    database.close()
