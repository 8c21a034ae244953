"""What the cases measure on: a server of the run's own, worlds of the sizes asked for, kits on them."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg

from benchmarks.worlds import World, conninfo_of
from shotkit.engine import Database
from shotkit.engine.cluster import Cluster, bundled_binaries
from shotkit.kit import Kit

__all__ = ["SIZES", "Lab", "Size", "opened"]

# As the embedded server runs.
_SETTINGS = {
    "max_connections": "60",
    "jit": "off",
    "timezone": "UTC",
    "max_wal_size": "4GB",
    "log_checkpoints": "off",
}


@dataclass(frozen=True)
class Size:
    """How many rounds; generations of load worlds, images of a shot, links of audits and edits."""

    rounds: int
    generations: tuple[int, ...]
    images: tuple[int, ...]
    links: tuple[int, ...]
    bulk: tuple[int, int]
    edited: tuple[int, ...]
    spark: bool = False  # it takes minutes


SIZES = {
    "tiny": Size(1, (300,), (10,), (300,), (300, 600), (12,)),
    "quick": Size(5, (20_000,), (10, 100, 1_000), (20_000, 200_000), (20_000, 50_000), (12, 100, 1_000)),
    "full": Size(
        31, (20_000, 200_000), (10, 100, 1_000), (20_000, 200_000, 2_000_000), (200_000, 500_000),
        (12, 100, 1_000, 10_000), spark=True,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Lab:
    """The server, the sizes, and a folder for what the cases write."""

    cluster: Cluster
    size: Size
    folder: Path

    def load_worlds(self) -> list[World]:
        """Return the worlds that shots are loaded from."""
        return [World(count, count, images=self.size.images) for count in self.size.generations]

    def conninfo(self, world: World) -> str:
        """Return the address of a world, which is made where it is not there yet."""
        return conninfo_of(self.cluster, world)

    @contextmanager
    def kit(self, conninfo: str) -> Iterator[Kit]:
        """Open a kit on a database."""
        with Kit(Database(conninfo)) as kit:
            yield kit

    @contextmanager
    def safely(self) -> Iterator[None]:
        """Let every commit wait for the disk, as it does at a user's."""
        _wait_for_disk(self.cluster, "on")
        try:
            yield
        finally:
            _wait_for_disk(self.cluster, "off")

    def emptied(self, name: str) -> Path:
        """Return a folder of this name in which nothing is."""
        shutil.rmtree(folder := self.folder / name, ignore_errors=True)
        folder.mkdir()
        return folder

    def anonymous_memory(self) -> int:
        """Return the bytes that the server's processes hold for themselves, shared buffers not counted."""
        server = (self.cluster.data / "postmaster.pid").read_text().split()[0]
        return sum(_kilobytes(process, server) for process in Path("/proc").glob("[0-9]*")) * 1024


def _kilobytes(process: Path, parent: str) -> int:
    try:
        lines = (process / "status").read_text().splitlines()
    except OSError:  # it has just ended
        return 0
    said = dict(line.split(":", 1) for line in lines)
    mine = "RssAnon" in said and said["PPid"].strip() == parent  # one that ends has no memory
    return int(said["RssAnon"].split()[0]) if mine else 0


def _wait_for_disk(cluster: Cluster, value: LiteralString) -> None:
    with psycopg.connect(cluster.conninfo(), autocommit=True) as admin:
        for setting in ("fsync", "synchronous_commit"):
            admin.execute(f"alter system set {setting} = {value}")
        admin.execute("select pg_reload_conf()")


@contextmanager
def opened(size: Size, kept: Path | None) -> Iterator[Lab]:
    """Start a server, in a folder that is `kept` or gone at the end."""
    folder = Path(kept or tempfile.mkdtemp(prefix="shotkit-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["SHOTKIT_HOME"] = str(folder)
    cluster = Cluster(folder / "server", bundled_binaries())
    if not cluster.data.exists():
        cluster.create()
    cluster.start(**_SETTINGS)
    _wait_for_disk(cluster, "off")
    try:
        yield Lab(cluster, size, folder)
    finally:
        cluster.stop()
        if kept is None:
            shutil.rmtree(folder)
