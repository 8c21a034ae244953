"""TypeScript types for the rows of each table and view, in the form that Supabase's client takes."""

import json
from collections.abc import Iterable, Iterator

from shotkit.schema.capabilities import Capabilities, Column, Table

__all__ = ["typescript_of"]

_TYPES = {
    "bigint": "number",
    "boolean": "boolean",
    "double precision": "number",
    "integer": "number",
    "json": "Json",
    "jsonb": "Json",
    "numeric": "number",
    "real": "number",
    "smallint": "number",
}
_TEXTS = {"bytea", "character", "character varying", "date", "interval", "text", "uuid"}
_JSON = "export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]"
_VIEWS = {"view", "materialized view"}


def typescript_of(seen: Capabilities) -> str:
    """Return the type `Database`, for `createClient<Database>()`: Row, Insert and Update of each table."""
    return "\n".join([_JSON, "", *_database(seen)]) + "\n"


def _database(seen: Capabilities) -> Iterator[str]:
    yield "export type Database = {"
    yield "  public: {"
    yield "    Tables: {"
    for table in seen.tables:
        if table.kind not in _VIEWS:
            yield from _relation(table, ("Row", "Insert", "Update"))
    yield "    }"
    yield "    Views: {"
    for table in seen.tables:
        if table.kind in _VIEWS:
            yield from _relation(table, ("Row",))
    yield "    }"
    yield "    Functions: {}"
    yield "    Enums: {}"
    yield "    CompositeTypes: {}"
    yield "  }"
    yield "}"


def _relation(table: Table, forms: Iterable[str]) -> Iterator[str]:
    yield f"      {json.dumps(table.name)}: {{"
    for form in forms:
        yield f"        {form}: {{"
        for column in table.columns:
            yield f"          {_property(column, form)}"
        yield "        }"
    yield "        Relationships: []"
    yield "      }"


def _property(column: Column, form: str) -> str:
    may_lack = form == "Update" or (form == "Insert" and (column.nullable or column.has_default))
    kind = "never" if form != "Row" and column.is_generated else _type(column)
    return f"{json.dumps(column.name)}{'?' * may_lack}: {kind}"


def _type(column: Column) -> str:
    base = column.base.removesuffix("[]")
    kind = " | ".join(map(json.dumps, column.labels)) or _TYPES.get(base) or _text(base)
    kind = f"({kind})[]" if base != column.base else kind
    return f"{kind} | null" if column.nullable else kind


def _text(base: str) -> str:
    return "string" if base in _TEXTS or base.startswith("time") else "unknown"
