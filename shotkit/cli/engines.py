"""`shotkit audit --snapshot` and `--engine`: what is audited, and by which engines."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shotkit.errors import ConfigurationError

if TYPE_CHECKING:
    from shotkit.audit import Report
    from shotkit.cli.options import Connect
    from shotkit.engine import Database, Snapshot, SnapshotDatabase

    Audited = Database | SnapshotDatabase

__all__ = ["audited", "engine_options", "opened_source"]


def engine_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add --snapshot, --engine and --jobs."""
    told = (
        "postgres reads a database, duckdb and spark a snapshot. Several must find the same, or it is exit 3."
    )
    added = click.option("--engine", "engines", metavar="NAME,NAME", help=told)(command)
    told = "Connections to PostgreSQL that share one snapshot; as many as help, unless given."
    added = click.option("--jobs", type=click.IntRange(1, 8), metavar="N", help=told)(added)
    folder = click.Path(path_type=Path)
    return click.option("--snapshot", metavar="FOLDER", type=folder, help="Audit this snapshot.")(added)


def audited(
    connect: "Connect", snapshot: Path | None, engines: str | None, jobs: int | None, only: list[str] | None
) -> "Report":
    """Run the audits on each engine and return the first one's report; reports that disagree are refused."""
    from shotkit.audit import refuse_disagreement, run  # noqa: PLC0415  --help must not wait for it

    names = _names(engines)
    with opened_source(connect, snapshot) as source, ExitStack() as opened:
        engine_of = _Engines(source, opened)
        names = names or [source.engine]
        if jobs is not None and "postgres" not in names:
            raise ConfigurationError(
                f"--jobs is for postgres, {', '.join(names)} share out work by themselves."
            )
        reports = [
            run(
                engine_of.named(name),
                only,
                jobs=jobs if name == "postgres" else None,
                progress=sys.stderr.isatty(),
            )
            for name in names
        ]
    refuse_disagreement(reports)
    if len(reports) > 1:
        click.echo(f"{', '.join(names)} agree: {len(reports[0].rows)} findings.", err=True)
    return reports[0]


def _names(engines: str | None) -> list[str]:
    from shotkit.audit import ENGINES  # noqa: PLC0415  --help must not wait for it

    names = [] if engines is None else list(dict.fromkeys(name.strip() for name in engines.split(",")))
    if unknown := [name for name in names if name not in ENGINES]:
        raise ConfigurationError(
            f"No engine is named {', '.join(map(repr, unknown))}; there are: {', '.join(ENGINES)}."
        )
    return names


@contextmanager
def opened_source(connect: "Connect", snapshot: Path | None) -> "Iterator[Audited]":
    """Give what is audited: the snapshot, else what the address leads to."""
    from shotkit.engine import Snapshot, open_snapshot  # noqa: PLC0415  --help must not wait for the engine

    if snapshot is None:
        with closing(connect.database()) as database:
            yield database
        return
    given = click.get_current_context().params
    if given.get("url") or given.get("user_id"):
        raise ConfigurationError("--snapshot says what is audited; leave --url and --user-id out.")
    with closing(open_snapshot(Snapshot(snapshot))) as database:
        yield database


class _Engines:
    """One database or snapshot, by whatever engine; what is opened for it is closed with `opened`."""

    def __init__(self, source: "Audited", opened: ExitStack) -> None:
        self._source, self._opened = source, opened
        self._snapshot: Snapshot | None = None

    def named(self, engine: str) -> "Audited":
        """Return it under an engine; a database, under one that reads snapshots, by way of one taken now."""
        from shotkit.engine import Database, open_snapshot  # noqa: PLC0415  --help must not wait for it

        if engine == self._source.engine:
            return self._source
        if engine == "postgres":
            raise ConfigurationError(
                "postgres audits a database, and this is a snapshot: leave it out of --engine, or give --url."
            )
        if not isinstance(self._source, Database):
            self._snapshot = self._source.snapshot
        elif self._snapshot is None:
            self._snapshot = self._taken(self._source)
        return self._opened.enter_context(closing(open_snapshot(self._snapshot, engine)))

    def _taken(self, database: "Database") -> "Snapshot":
        from shotkit.snapshot import take  # noqa: PLC0415  --help must not wait for it

        folder = Path(self._opened.enter_context(tempfile.TemporaryDirectory(prefix="shotkit-")))
        return take(database, folder / "snapshot")
