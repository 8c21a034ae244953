"""Sets a statement over the relations of sql/flat/, the only text of the audits that differs by engine."""

import re
from dataclasses import dataclass
from functools import cache
from typing import LiteralString

from shotkit import sql
from shotkit.errors import ConfigurationError

__all__ = ["ENGINE", "Columns", "count_of", "over_flat", "reads", "relations"]

ENGINE = "postgres"

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


def over_flat(path: str) -> sql.Statement:
    """Return the statement at `path`, written over the flat relations, with those that it is over."""
    over = sql.statement(path)
    return sql.Statement(over.path, over.purpose, over.head, over.parameters, _set_over(over.text))


def count_of(name: str) -> sql.Statement:
    """Return the statement that counts the rows of a relation."""
    own = relations()[name].name
    text = _set_over("select count(*) as counted from " + own)  # noqa: S608  a name out of our own file
    return sql.Statement(f"flat/{name}", f"count the {name}", {}, frozenset(), text)


def reads(text: str) -> Columns:
    """Return the tables and columns that a text over the flat relations reads through them."""
    return frozenset[tuple[str, str]]().union(*(relation.reads for relation in _needed(text)))


@cache
def relations() -> dict[str, Relation]:
    """Return the relations there are, each behind those it is over."""
    found = (
        Relation(each["name"], each["text"], _columns(each["notes"]), _sources(each["text"]))
        for each in _RELATION.finditer(sql.text(f"flat/{ENGINE}"))
    )
    return {relation.name: relation for relation in found}


def _set_over(text: LiteralString) -> LiteralString:
    needed = _needed(text)
    if not needed:
        raise ConfigurationError(f"A statement is over no relation of sql/flat/{ENGINE}.sql: {text[:60]!r}.")
    return "".join((
        "with ", ",\n\n".join(relation.text for relation in needed),
        "\nselect * from (", text, "\n) as over_flat",
    ))  # fmt: skip


def _needed(text: str) -> list[Relation]:
    wanted = _sources(text)
    needed: list[Relation] = []
    for relation in reversed(relations().values()):
        if relation.name in wanted:
            needed.insert(0, relation)
            wanted |= relation.sources
    return needed


def _sources(text: str) -> frozenset[str]:
    return frozenset(_SOURCE.findall(_SAID.sub("", text)))


def _columns(notes: str) -> Columns:
    return frozenset(
        (table, column.strip())
        for line in _READS.findall(notes)
        for table, columns in _TABLE.findall(line)
        for column in columns.split(",")
    )
