"""Turns noted changes into a Python script that repeats them."""

import ast
from typing import TYPE_CHECKING, TypeGuard
from uuid import UUID

from shotkit.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotkit.journal.entry import Entry

__all__ = ["script"]

_HEAD = '''"""Repeats {count} changes that shotkit noted, on the address given; the first refusal ends it."""

import sys

import shotkit

kit = shotkit.connect(sys.argv[1] if len(sys.argv) > 1 else None{acting})
made = {{}}  # op_id as noted -> op_id now: the id of the shot, link or variant that the change added
'''
_LOST = "This change held an address whose query string was not kept; repeat it by hand: "


def script(entries: "Sequence[Entry]") -> str:
    """Return a script that repeats those of the entries that were stored and wrote something, in order.

    All must be of one database and one identity. It connects to the address on its command line, else to the
    default one. Links of a duplicated shot get new ids, so later changes of these are refused.
    """
    repeated = [entry for entry in entries if entry.status == "stored" and entry.wrote]
    if len({(entry.database, entry.identity) for entry in repeated}) > 1:
        raise ConfigurationError("The entries are of several databases or users; choose those of one.")
    lines = [_HEAD.format(count=len(repeated), acting=_acting(repeated))]
    known: set[str] = set()
    opened: list[str] = []
    for entry in repeated:
        if (handle := _opened(entry, known)) and handle != opened:
            lines += (opened := handle)
        lines += [*_repeat(entry, known), ""]
        known.add(entry.op_id)
    return "\n".join(lines)


def _acting(entries: "Sequence[Entry]") -> str:
    if not entries or not (who := entries[0].identity):
        return ""
    return f", {'user_id' if _is_id(who) else 'role'}={who!r}"


def _repeat(entry: "Entry", known: set[str]) -> list[str]:
    if not entry.is_complete:
        return [f"raise SystemExit({_LOST + entry.code!r})"]
    lines = [ast.unparse(_Now(known).visit(call)) for call in _calls(entry)]
    return [*lines[:-1], f"made[{entry.op_id!r}] = {lines[-1]}.op_id"]


def _opened(entry: "Entry", known: set[str]) -> list[str]:
    if entry.kind == "variants":
        return [f"gen = kit.generation({entry.generation_id!r})"]
    if entry.shot_id is None:
        return []
    id_ = f"made[{entry.shot_id!r}]" if entry.shot_id in known else repr(entry.shot_id)
    return [f"shot = kit.shot({id_})"]


def _calls(entry: "Entry") -> list[ast.expr]:
    """Return the calls in the entry's code; refuse what is not a method of a handle with plain values."""
    try:
        found = [step.value for step in ast.parse(entry.code).body if isinstance(step, ast.Expr)]
        plain = bool(found) and len(found) == len(ast.parse(entry.code).body)
    except (SyntaxError, ValueError):
        plain, found = False, []
    if not plain or not all(_is_plain(call) for call in found):
        raise ConfigurationError(
            f"The code of change {entry.op_id} is none that shotkit writes; leave it out."
        )
    return found


def _is_plain(call: ast.expr) -> TypeGuard[ast.Call]:
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
        return False
    if not isinstance(call.func.value, ast.Name) or call.func.value.id not in {"shot", "gen", "kit"}:
        return False
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return all(_is_value(value) for value in values) and all(keyword.arg for keyword in call.keywords)


def _is_value(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


class _Now(ast.NodeTransformer):
    """Puts `made[...]` for each positional id that an earlier change of the script made."""

    def __init__(self, known: set[str]) -> None:
        self._known = known

    def visit_keyword(self, node: ast.keyword) -> ast.keyword:
        """Leave texts alone: only ids are positional."""
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """Return the lookup of a known id."""
        if not isinstance(node.value, str) or node.value not in self._known:
            return node
        return ast.Subscript(value=ast.Name(id="made"), slice=ast.Constant(value=node.value))


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
