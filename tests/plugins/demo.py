"""A demo of its own for the run: a home with the embedded server's data, filled by `shotkit demo` itself."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator

import pytest

from tests.plugins.servers import scratch

Shotkit = Callable[..., "subprocess.CompletedProcess[str]"]
STAY = "import shotkit; kit = shotkit.connect(); input()"


@pytest.fixture(scope="session")
def shotkit_home() -> Iterator[str]:
    """An empty home; not below pytest's own folder, which other runs close to the server's user."""
    with tempfile.TemporaryDirectory(prefix="shotkit-home-", dir=scratch()) as folder:
        yield folder


def in_home(home: str) -> Shotkit:
    """Return what runs `shotkit ARGUMENTS` in a home; its `environment` is at hand."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "SHOTKIT"))}
    environment = kept | {"SHOTKIT_HOME": home}

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "shotkit", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
            timeout=120,
        )

    run.environment = environment
    return run


@pytest.fixture(scope="session")
def shotkit_command(shotkit_home: str) -> Iterator[Shotkit]:
    """Runs `shotkit ARGUMENTS` in a home of the run's own."""
    run = in_home(shotkit_home)
    yield run
    run("db", "stop")


@pytest.fixture(scope="session")
def demo(shotkit_command: Shotkit) -> Iterator[dict]:
    """What `shotkit demo --json` says of its first run in an empty home; the server then stays up."""
    done = shotkit_command("demo", "--json")
    assert done.returncode == 0, done.stderr
    # Another client, so that the server need not start anew for each command of a test.
    with subprocess.Popen(
        [sys.executable, "-c", STAY], env=shotkit_command.environment, stdin=subprocess.PIPE
    ) as other:
        yield json.loads(done.stdout)
        other.communicate(b"\n")
