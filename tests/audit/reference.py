"""The audit's rule once more, in plain Python and by other means: an independent judge for the tests."""

import json
import re
from collections import Counter
from decimal import Decimal

from tests.audit.world import Links, ordered

CANONICAL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
Finding = tuple[str, str | None, str]


def classify(documents: dict[str, str | None], links: Links, *, arrays: bool) -> set[Finding]:
    found: set[Finding] = set()
    for generation, text in documents.items():
        mine: dict[str, list[int | None]] = {}
        for owner, shot, frame in links:
            if owner == generation:
                mine.setdefault(shot, []).append(frame)
        verdicts = _document(_parsed(text), mine, arrays=arrays)
        found |= {(generation, key, verdict) for key, verdict in verdicts.items() if verdict}
    return found


def _parsed(text: str | None) -> object:
    return {} if text is None else json.loads(text, parse_float=Decimal)


def _document(
    document: object, links: dict[str, list[int | None]], *, arrays: bool
) -> dict[str | None, str | None]:
    if not isinstance(document, dict):
        return {None: "malformed"}
    verdicts: dict[str | None, str | None] = dict.fromkeys(links.keys() - document.keys(), "missing")
    for key, value in document.items():
        if CANONICAL.fullmatch(key):
            verdicts[key] = _cell(value, links.get(key, []), arrays=arrays)
        else:
            verdicts[key] = "malformed"
    return verdicts


def _cell(value: object, links: list[int | None], *, arrays: bool) -> str | None:  # noqa: PLR0911  one a verdict
    stored = value if isinstance(value, list) else [value]
    if not all(map(_is_frame, stored)):
        return "malformed"
    if links and not stored:
        return "missing"
    if not links:
        return "extra"
    if len(stored) != len(links):
        return "miscounted"
    if Counter(stored) != Counter(links):
        return "different"
    if stored != ordered(links):
        return "unordered"
    return "legacy_shape" if arrays and not isinstance(value, list) else None


def _is_frame(value: object) -> bool:
    if value is None:
        return True
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    return value == int(value) and -(2**31) <= value < 2**31
