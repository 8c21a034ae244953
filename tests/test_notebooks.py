"""Notebooks are run as they stand and must say the same again (nbval, strict)."""

import subprocess
import sys
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def nbval(notebook: Path, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    options = ["-p", "no:cacheprovider", "-q", "--rootdir", str(notebook.parent), "-c", "/dev/null"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--nbval", "--nbval-current-env", str(notebook)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=notebook.parent,
    )


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_says_the_same_on_every_run(notebook, demo, shotkit_command):
    for _ in range(2):
        done = nbval(notebook, shotkit_command.environment)
        assert done.returncode == 0, done.stdout


def test_a_notebook_that_says_something_else_fails(tmp_path, demo, shotkit_command):
    changed = tmp_path / "changed.ipynb"
    changed.write_text(
        NOTEBOOKS[0].read_text("utf-8").replace("Valley, dawn to night", "Valley, dusk to noon")
    )
    assert nbval(changed, shotkit_command.environment).returncode == 1


def test_no_notebook_holds_a_path_or_a_traceback():
    for notebook in NOTEBOOKS:
        text = notebook.read_text("utf-8")
        assert "Traceback" not in text
        assert str(Path.home()) not in text
