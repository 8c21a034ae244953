"""Fills a database and a store with the demo: what is missing, chunk by chunk, each whole or not at all."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from shotkit.demo.bulk import PER_PROJECT, projects
from shotkit.demo.pictures import paint_all
from shotkit.demo.rows import Chunk
from shotkit.demo.sample import samples
from shotkit.demo.story import Story, tell
from shotkit.errors import ConfigurationError
from shotkit.progress import bar
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Database, Transaction
    from shotkit.storage import Store

__all__ = ["SIZES", "Filled", "check", "fill", "write_chunk"]

SIZES = {"small": 60, "medium": 5_000, "large": 200_000}  # generations
_PLAIN = ("users", "projects", "shots", "tasks")
_AFTER = ("entries", "files")


@dataclass(frozen=True)
class Filled:
    """How many rows the demo of a size has; `added` and `pictures` say what this run had to write."""

    size: str
    users: int
    projects: int
    shots: int
    generations: int
    variants: int
    links: int
    tasks: int
    entries: int
    files: int
    added: int
    pictures: int


def fill(database: "Database", store: "Store", size: str = "small", *, progress: bool = False) -> Filled:
    """Fill an embedded or scratch database with the demo of that size; a rerun adds only what is missing."""
    check(database, size)
    story = tell()
    more = (SIZES[size] - SIZES["small"]) // PER_PROJECT
    pictures = paint_all(story.pictures, store, progress=progress)
    counted: Counter[str] = Counter()
    added = 0
    with bar("filling", 1 + more, shown=progress) as advance:
        for chunk in _chunks(story, more):
            counted.update(chunk.counts())
            added += write_chunk(database, chunk)
            advance()
    return Filled(size, **counted, added=added, pictures=pictures)


def _chunks(story: Story, more: int) -> Iterator[Chunk]:
    return chain([story.chunk], projects(story, more))


def check(database: "Database", size: str) -> None:
    """Refuse a size that is none, and a database that is neither embedded nor scratch."""
    if size not in SIZES:
        raise ConfigurationError(f"There is no demo of size {size!r}; there are {', '.join(SIZES)}.")
    if not database.is_scratch:
        raise ConfigurationError(
            f"The demo fills an embedded database, or one whose name ends in _scratch; "
            f"{database.database_name!r} is neither."
        )


def write_chunk(database: "Database", chunk: Chunk) -> int:
    """Write what is missing of a chunk in one transaction; return how many rows that was."""
    with database.transaction() as transaction:
        if _stored(transaction, chunk) == sum(chunk.counts().values()):
            return 0
        transaction.execute(statement("demo/triggers_off"))
        _build_params(transaction, chunk)
        added = sum(_insert(transaction, chunk, table) for table in _PLAIN)
        generations = _owners(transaction, chunk, "generations")
        variants = _owners(transaction, chunk, "variants")
        links = _owners(transaction, chunk, "links")
        _settle(transaction, "settle_shot_data", generations + links)
        _settle(transaction, "settle_primary", generations + variants)
        added += len(generations) + len(variants) + len(links)
        return added + sum(_insert(transaction, chunk, table) for table in _AFTER)


def _stored(transaction: "Transaction", chunk: Chunk) -> int:
    tables = chunk.counts().keys()
    ids = {table: [row.id for row in getattr(chunk, table)] for table in tables}
    return int(transaction.rows(statement("demo/stored"), **ids)[0]["rows"])


def _build_params(transaction: "Transaction", chunk: Chunk) -> None:
    transaction.execute(statement("demo/params_table"))
    transaction.execute(statement("demo/params"), rows=_json(chunk.params), templates=_templates())


def _insert(transaction: "Transaction", chunk: Chunk, table: str) -> int:
    return transaction.execute(statement(f"demo/{table}"), rows=_json(getattr(chunk, table)))


def _owners(transaction: "Transaction", chunk: Chunk, table: str) -> list[str]:
    """Insert rows; return the generations of those that were missing."""
    rows = transaction.rows(statement(f"demo/{table}"), rows=_json(getattr(chunk, table)))
    return [row["generation_id"] for row in rows]


def _settle(transaction: "Transaction", name: str, generations: list[str]) -> None:
    transaction.execute(statement(f"demo/{name}"), generations=sorted(set(generations)))


def _templates() -> str:
    return f"[{','.join(sample.text for sample in samples())}]"


def _json(rows: Iterable[Any]) -> str:
    return json.dumps(list(rows), default=vars, ensure_ascii=False)
