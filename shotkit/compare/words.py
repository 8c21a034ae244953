"""The words of each engine for one thing: values as the same text on all, and checksums of that text.

A value's text stands behind its length, and NULL has none: no two rows run together. Checksums are added up,
so they do not depend on order, and two rows that are equal do not cancel each other out.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString

from shotkit.snapshot.columns import ADDRESSES, quoted
from shotkit.sql import Statement

if TYPE_CHECKING:
    from shotkit.compare.shared import Column, Shared

__all__ = ["WORDS", "Words"]

# A snapshot holds no tokens, so they count nowhere.
_WITHOUT_TOKENS = r"""regexp_replace({0}, '([?&]token=)[^"''&#\\ \t\n\r\f]*', '\1', 'g')"""
# 1.50 equals 1.5 in a document; a text in quotes is taken as it is.
_PLAIN_NUMBERS = r"""regexp_replace({0}, '("(?:[^"\\]|\\.)*")|(\.[0-9]*[1-9])0*|\.0+', '\1\2', 'g')"""
_TEXTS = ("text", "json", "jsonb")


@dataclass(frozen=True)
class Words:
    """One engine's words; in the templates `{0}` stands for a value, in `chosen` for a row's block."""

    texts: dict[str, str]  # by the kind of the value; `text` is for the others
    text: str
    bytes: str
    checksum: str
    chosen: str
    without_tokens: str
    fence: str

    def blocks(self, table: "Shared", digits: int) -> Statement:
        """Return what counts and sums each block: (block, counted, checksum)."""
        pieces = [self._piece("id"), *(self._piece(name) for name in _places(table))]
        checksum = self.checksum.format(_joined(pieces, ""))
        return self._statement(
            "blocks",
            f"select {_block('id', digits)} as block, count(*) as counted, "  # noqa: S608  names are quoted
            f"cast(sum({checksum}) as varchar) as checksum from ({self._texts(table)}) as r group by 1",
        )

    def rows(self, table: "Shared", digits: int) -> Statement:
        """Return what sums each column of the rows in `blocks`: (id, checksums), their number first."""
        sums = [f"cast(sum({self.checksum.format(self._piece(name))}) as varchar)" for name in _places(table)]
        checksums = _joined(["cast(count(*) as varchar)", *sums], ",")
        chosen = self.chosen.format(_block('cast(t."id" as varchar)', digits))
        texts = self._texts(table, f"where {chosen}", plain_numbers=True)
        return self._statement(
            "rows",
            f"select id, {checksums} as checksums from ({texts}) as r group by id",  # noqa: S608  as above
            "blocks",
        )

    def _texts(self, table: "Shared", where: str = "", *, plain_numbers: bool = False) -> str:
        """Return the rows' ids and values as text; behind the fence each value is made text only once."""
        made = [f"{self._text(column)} as c{place}" for place, column in enumerate(table.columns)]
        held = []
        for place, column in enumerate(table.columns):
            text = f"c{place}"
            if column.kind in _TEXTS:
                text = self.without_tokens.format(text)
            if column.kind == "jsonb" and plain_numbers:
                text = _PLAIN_NUMBERS.format(text)
            held.append(f"{text} as c{place}")
        inner = ", ".join(['cast(t."id" as varchar) as id', *made])
        outer = ", ".join(["id", *held])
        return (
            f"select {outer} from (select {inner} from public.{_name(table.name)} as t {where} {self.fence}) "  # noqa: S608  as above
            f"as made {self.fence}"
        )

    def _text(self, column: "Column") -> str:
        text = self.texts.get(column.kind, self.text).format(f"t.{_name(column.name)}")
        return f"split_part({text}, '?', 1)" if column.name in ADDRESSES else text

    def _piece(self, name: str) -> str:
        return f"concat({self.bytes.format(name)}, ':', {name})"

    def _statement(self, name: str, text: LiteralString, *takes: str) -> Statement:
        path = f"compare/{name}"
        # All of it is of our own making but the names, which are the database's own and quoted.
        return Statement(path, f"{name} to compare", {}, frozenset(takes), text)


def _places(table: "Shared") -> list[str]:
    return [f"c{place}" for place in range(len(table.columns))]


def _joined(parts: list[str], between: str) -> str:
    return f"array_to_string(array[{', '.join(parts)}], '{between}')"  # concat() takes a hundred at most


def _block(id_: str, digits: int) -> str:
    return f"left(md5({id_}), {digits})"


def _name(name: str) -> str:
    return quoted(name).replace("%", "%%")


_MOMENT = "case when isfinite({0}) then (extract(epoch from {0}) * 1000000)::bigint::text end"
_FLOAT = "trim_scale({0}::text::numeric)::text"
_TRIMMED = r"regexp_replace(cast({0} as varchar), '(\.[0-9]*[1-9])0+$|\.0+$', '\1')"
# DuckDB writes 1e+16 and 1e-07, PostgreSQL 1e+06 of a real: all digits are spelled out.
_EXPONENT = "cast(split_part(cast({0} as varchar), 'e', 2) as integer)"
_DIGITS = "replace(split_part(cast(abs({0}) as varchar), 'e', 1), '.', '')"
_SPELLED = (
    f"concat(case when {{0}} < 0 then '-' end, "
    f"case when {_EXPONENT} > 0 then rpad({_DIGITS}, {_EXPONENT} + 1, '0') "
    f"else concat('0.', repeat('0', -1 - {_EXPONENT}), {_DIGITS}) end)"
)
_DUCK_FLOAT = (
    "case when isnan({0}) then 'NaN' when isinf({0}) then replace(cast({0} as varchar), 'inf', 'Infinity') "
    f"when {{0}} = 0 then '0' when contains(cast({{0}} as varchar), 'e') then {_SPELLED} else {_TRIMMED} end"
)

WORDS = {
    "postgres": Words(
        texts={
            "number": "trim_scale({0}::numeric)::text",
            "real": _FLOAT,
            "double": _FLOAT,
            "moment": _MOMENT,
            "local moment": _MOMENT,
            "list": (
                "case when {0} is not null then coalesce((select string_agg(concat(octet_length(e), ':', e), "
                "',' order by o) from unnest({0}::text[]) with ordinality as u (e, o)), '') end"
            ),
        },
        text="{0}::text",
        bytes="octet_length({0})",
        checksum="('x' || left(md5({0}), 15))::bit(60)::bigint",
        chosen="{0} = any(%(blocks)s)",
        # To look for a plain text first is many times faster than to search all by an expression.
        without_tokens="case when strpos({0}, 'token=') > 0 then " + _WITHOUT_TOKENS + " else {0} end",
        fence="offset 0",
    ),
    "duckdb": Words(
        texts={
            "number": _TRIMMED,
            "real": _DUCK_FLOAT,
            "double": _DUCK_FLOAT,
            "date": "replace(cast({0} as varchar), ' (BC)', ' BC')",
            "moment": "cast(epoch_us({0}) as varchar)",
            "local moment": "cast(epoch_us({0}) as varchar)",
            "list": "array_to_string(list_transform({0}, lambda e: concat(strlen(e), ':', e)), ',')",
        },
        text="cast({0} as varchar)",
        bytes="strlen({0})",
        checksum="cast('0x' || left(md5({0}), 15) as bigint)",
        chosen="list_contains(%(blocks)s, {0})",
        without_tokens="{0}",  # a snapshot has none
        fence="",
    ),
}
