"""Pieces of the HTML page: text, tables, what scrolls sideways, what was left out."""

from collections.abc import Iterable
from html import escape

from shotkit.audit.formats.told import counted, short

__all__ = ["cell", "rest", "table", "text", "wide"]


def text(value: str | None, look: str = "value") -> str:
    """Return a text as text, apart from what stands around it, a value or what is `said`; "" for None."""
    return "" if value is None else f'<bdi class="{look}">{escape(short(value))}</bdi>'


def cell(inner: str, look: str = "") -> str:
    """Return a cell of a table."""
    return f'<td class="{look}">{inner}</td>' if look else f"<td>{inner}</td>"


def table(heads: Iterable[tuple[str, str]], body: Iterable[Iterable[str]], look: str = "") -> str:
    """Return a table of heads, each a name and its look, and of rows of cells."""
    head = "".join(
        f'<th scope="col" class="{of}">{name}</th>' if of else f'<th scope="col">{name}</th>'
        for name, of in heads
    )
    lines = "".join(f"<tr>{''.join(cells)}</tr>" for cells in body)
    opening = f'<table class="{look}">' if look else "<table>"
    return f"{opening}<thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def wide(label: str, inner: str) -> str:
    """Let what is wide scroll sideways, by keys too."""
    return f'<div class="wide" role="region" aria-label="{escape(label)}" tabindex="0">{inner}</div>'


def rest(number: int, noun: str) -> str:
    """Count what is not shown; nothing where all is."""
    return f"<p>And {counted(number, noun)}, not shown here.</p>" if number > 0 else ""
