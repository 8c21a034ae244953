"""Spark for the tests: one Java process a run, and a word on how to get Java where there is none."""

import shutil
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shotkit.engine import Snapshot, SparkDatabase

MISSING = (
    "The tests of Spark need Java 17 or later, which is not here: install openjdk-17-jre-headless (Debian, "
    "Ubuntu) or another one, put it on the PATH or name it in JAVA_HOME, and run this again."
)


@pytest.fixture(scope="session")
def spark(demo_snapshot: "Snapshot") -> "Iterator[SparkDatabase]":
    """Spark over the demo's snapshot, on this machine; later ones share its Java process."""
    from shotkit.engine import SparkDatabase

    with closing(SparkDatabase(demo_snapshot, "local[2]")) as database:
        yield database


if __name__ == "__main__":
    java = shutil.which("java")
    if java is None or subprocess.run([java, "-version"], capture_output=True, check=False).returncode:
        sys.exit(MISSING)
