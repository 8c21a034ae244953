"""`shotkit lab` up to where JupyterLab takes over; tests/browser begins there."""

import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from shotkit.cli.lab import copied, lab
from shotkit.errors import ConfigurationError

NOTEBOOKS = sorted(file.name for file in (Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def test_the_notebooks_are_copied_and_a_users_copy_is_never_overwritten(tmp_path):
    folder = tmp_path / "mine"
    assert sorted(copied(folder)) == NOTEBOOKS
    (folder / NOTEBOOKS[0]).write_text("my own work")
    assert copied(folder) == []
    assert (folder / NOTEBOOKS[0]).read_text() == "my own work"
    (folder / NOTEBOOKS[0]).unlink()
    assert copied(folder) == [NOTEBOOKS[0]]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="name another --folder"):
        copied(tmp_path / "file" / "notebooks")


def test_without_jupyterlab_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(sys.modules["shotkit.cli.lab"], "find_spec", lambda _: None)
    assert "pip install 'shotkit[all]'" in str(CliRunner().invoke(lab).exception)


def test_jupyterlab_gets_the_folder_the_address_and_what_else_was_given(monkeypatch, tmp_path, database):
    became = []
    monkeypatch.setattr(os, "execve", lambda *given: became.append(given))
    done = CliRunner().invoke(lab, ["--folder", str(tmp_path), "--url", database, "--no-browser"])
    assert done.exception is None, done.output
    ((program, arguments, environment),) = became
    assert program == sys.executable
    assert arguments[1:] == ["-m", "jupyterlab", f"--ServerApp.root_dir={tmp_path}", "--no-browser"]
    assert environment["SHOTKIT_URL"] == database
    assert sorted(file.name for file in tmp_path.iterdir()) == NOTEBOOKS
