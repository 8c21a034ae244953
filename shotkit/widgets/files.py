"""Puts a widget's JavaScript and CSS together: one self-contained module, though its files share code."""

import re
from functools import cache
from importlib.resources import files

__all__ = ["script", "style"]

# What a page has no use for: indentation, empty lines, comments, named exports.
_IDLE = re.compile(r"^ *(?:(?://|/\*\*).*)?\n|^ +|(?<=[;,{}]) // .*$|^export (?!default)", re.MULTILINE)
_IDLE_STYLE = re.compile(r"^ +|(?<=[:;,{}]) | (?=[{}])|;(?=\s*\})|(?<=[;,{}])\n", re.MULTILINE)
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z_]+\.js)";\n', re.MULTILINE)


@cache
def script(stem: str) -> str:
    """Return static/{stem}.js with the files it imports from beside it in place, each once.

    All of them share one scope, so no two may declare the same name. Node imports the files as they are;
    a page gets them without comments and indentation.
    """
    return "\n".join(_parts(f"{stem}.js", []))


@cache
def style(*stems: str) -> str:
    """Return static/common.css and, behind it, the static/{stem}.css of each stem."""
    return _IDLE_STYLE.sub("", "".join(_text(f"{stem}.css") for stem in ("common", *stems)))


def _parts(name: str, seen: list[str]) -> list[str]:
    text, found = _text(name), []
    seen.append(name)
    for imported in _IMPORT.findall(text):
        if imported not in seen:
            found += _parts(imported, seen)
    return [*found, _IDLE.sub("", _IMPORT.sub("", text))]


def _text(name: str) -> str:
    return (files("shotkit.widgets") / "static" / name).read_text("utf-8")
