"""A demo of its own for the run: a home with the embedded server's data, filled by `shotkit demo` itself."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Shotkit = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def shotkit_command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shotkit]:
    """Runs `shotkit ARGUMENTS` in a home of the run's own."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PG", "SHOTKIT"))
    }
    environment |= {"SHOTKIT_HOME": str(tmp_path_factory.mktemp("home"))}

    def run(*arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "shotkit", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env=environment | changes,
            timeout=120,
        )

    run.home = Path(environment["SHOTKIT_HOME"])
    run.environment = environment
    yield run
    run("db", "stop")


@pytest.fixture(scope="session")
def demo(shotkit_command: Shotkit) -> dict:
    """What `shotkit demo --json` says of its first run in an empty home."""
    done = shotkit_command("demo", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
