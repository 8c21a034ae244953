"""Sets a statement over the relations of sql/flat/, the only text of the audits that differs by engine."""

import re
from dataclasses import dataclass
from functools import cache
from typing import LiteralString

from shotkit import sql
from shotkit.errors import ConfigurationError

__all__ = ["ENGINES", "FILES", "Columns", "count_of", "needed", "over_flat", "reads", "relations"]

# The files that together have an engine's relations: what engines read alike from a snapshot is written once.
FILES = {"postgres": ("postgres",), "duckdb": ("snapshot", "duckdb"), "spark": ("snapshot", "spark")}
ENGINES = tuple(FILES)

Columns = frozenset[tuple[str, str]]  # (table, column)

_RELATION = re.compile(
    r"(?P<notes>(?:^--[^\n]*\n)*)^(?P<text>(?P<name>\w+) as [^\n]*\(\n.*?^\))", re.MULTILINE | re.DOTALL
)
_READS = re.compile(r"^-- reads: (.*)$", re.MULTILINE)
_TABLE = re.compile(r"(\w+)\(([^()]*)\)")
_SAID = re.compile(r"--[^\n]*|'[^']*'")  # comments, and what is said to users
_SOURCE = re.compile(r"\b(?:from|join)\s+(\w+)\b(?!\.)")


@dataclass(frozen=True)
class Relation:
    """One relation of sql/flat/: its text, the tables and columns it reads, what its text is over."""

    name: LiteralString
    text: LiteralString
    reads: Columns
    sources: frozenset[str]


def over_flat(path: str, engine: str = "postgres", most: int | None = None) -> sql.Statement:
    """Return the statement at `path` over the flat relations of an engine, or the first `most` rows of it."""
    over = sql.statement(path)
    text = _set_over(over.text, engine, most)
    return sql.Statement(over.path, over.purpose, over.head, over.parameters, text)


def count_of(name: str, engine: str = "postgres") -> sql.Statement:
    """Return the statement that counts the rows of a relation."""
    own = relations(engine)[name].name
    text = _set_over("select count(*) as counted from " + own, engine)  # noqa: S608  a name of our own file
    return sql.Statement(f"flat/{name}", f"count the {name}", {}, frozenset(), text)


def reads(text: str) -> Columns:
    """Return the tables and columns that a text over the flat relations needs, on whatever engine."""
    return frozenset[tuple[str, str]]().union(*(relation.reads for relation in needed(text, "postgres")))


def needed(text: str, engine: str) -> list[Relation]:
    """Return the relations that a text is over and those that these are over, each behind its own."""
    wanted = _sources(text)
    found: list[Relation] = []
    for relation in reversed(relations(engine).values()):
        if relation.name in wanted:
            found.insert(0, relation)
            wanted |= relation.sources
    return found


@cache
def relations(engine: str = "postgres") -> dict[str, Relation]:
    """Return the relations that an engine has, each behind those it is over."""
    if engine not in FILES:
        raise ConfigurationError(f"No engine is named {engine!r}; there are: {', '.join(ENGINES)}.")
    found = (
        Relation(each["name"], each["text"], _columns(each["notes"]), _sources(each["text"]))
        for file in FILES[engine]
        for each in _RELATION.finditer(sql.text(f"flat/{file}"))
    )
    return {relation.name: relation for relation in found}


def _set_over(text: LiteralString, engine: str, most: int | None = None) -> LiteralString:
    over = needed(text, engine)
    if not over:
        raise ConfigurationError(f"A statement is over no relation of sql/flat/: {text[:60]!r}.")
    relations_ = "with " + ",\n\n".join(relation.text for relation in over)
    if most is None:
        return f"{relations_}\nselect * from ({text}\n) as over_flat"
    if engine == "postgres":
        # Apart, or it would be planned for its first rows, of which there seldom are any.
        return f"{relations_},\n\nfound as materialized ({text}\n)\nselect * from found limit {most}"
    return f"{relations_}\nselect * from ({text}\n) as over_flat limit {most}"


def _sources(text: str) -> frozenset[str]:
    return frozenset(_SOURCE.findall(_SAID.sub("", text)))


def _columns(notes: str) -> Columns:
    return frozenset(
        (table, column.strip())
        for line in _READS.findall(notes)
        for table, columns in _TABLE.findall(line)
        for column in columns.split(",")
    )
