"""What is measured of snapshots: taking one, beside the server's own COPY of the same tables."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from benchmarks import cases
from benchmarks.side_by_side import Measured, measure
from shotkit.engine import embedded
from shotkit.kit import Kit

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["snapshot"]

TABLES = (
    "users", "projects", "shots", "shot_generations", "generations", "generation_variants", "tasks",
    "credits_ledger",
)  # fmt: skip
_MOST_ROUNDS = 5  # it takes long, and so varies little


def snapshot(kit: Kit, rounds: int) -> list[Measured]:
    """Take snapshots of all tables."""
    with (
        psycopg.connect(embedded.start().conninfo, autocommit=True) as bare,
        tempfile.TemporaryDirectory() as folder,
    ):
        to_nowhere = [
            sql.SQL("copy public.{} to '/dev/null'").format(sql.Identifier(table)) for table in TABLES
        ]
        to_client = [sql.SQL("copy public.{} to stdout").format(sql.Identifier(table)) for table in TABLES]

        def copied_to_client() -> None:
            for statement in to_client:
                with bare.cursor().copy(statement) as rows:
                    for _ in rows:
                        pass

        ways: dict[str, Callable[..., object]] = {
            "limit: COPY of the tables to the server's /dev/null": lambda _: [
                bare.execute(statement) for statement in to_nowhere
            ],
            "COPY of the tables to the client, rows dropped": lambda _: copied_to_client(),
            "kit.snapshot(folder)": kit.snapshot,
        }
        return measure(
            f"snapshot of {cases.sizes(kit)}",
            ways,
            rounds=min(rounds, _MOST_ROUNDS),
            prepare=lambda: (Path(tempfile.mkdtemp(dir=folder)),),
        )
