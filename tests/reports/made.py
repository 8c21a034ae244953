"""Reports made by hand, so that each form is seen to tell what it is given."""

from collections import Counter
from typing import Any

import pyarrow as pa

from shotkit.audit import AuditRun, Report
from shotkit.audit.catalog import catalog
from shotkit.audit.hidden import without_secrets
from shotkit.audit.report import COLUMNS
from tests.hostile import TEXTS

__all__ = ["DRIFT", "LEVELS", "NAMES", "SECRET", "drift", "finding", "hostile", "report"]

LEVELS = {audit.name: audit.level for audit in catalog()}
DRIFT, GAPS, NAMES = (
    "0001_shot_data_matches_links",
    "0006_timeline_without_gaps",
    "0013_generation_shows_primary",
)
SECRET = "s3cr3t-canary"  # noqa: S105  a canary, to be seen nowhere


def finding(
    audit: str = NAMES, verdict: str = "different", key: str = "g/name", **values: str | None
) -> dict:
    """One finding, all it does not say being NULL."""
    row = dict.fromkeys(COLUMNS) | {"audit": audit, "level": LEVELS[audit], "verdict": verdict, "key": key}
    return row | {"detail": "Two differ."} | values


def drift(stored: str | None, expected: str | None, verdict: str = "different", **values: str | None) -> dict:
    """One finding of shot_data, of the generation g in the shot a."""
    place = {"generation_id": "g", "shot_id": "a"} | values
    key = f"{place['generation_id']}/{place['shot_id']}"
    return finding(DRIFT, verdict, key, stored=stored, expected=expected, **place)


def report(
    *findings: dict[str, Any],
    ran: tuple[str, ...] = (),
    skipped: tuple[str, ...] = (),
    reason: str = "the database has no users.credits",
) -> Report:
    """A report of these findings, as a run would make it."""
    found = pa.Table.from_pylist(list(findings), pa.schema([(name, pa.string()) for name in COLUMNS]))
    counts = Counter(row["audit"] for row in findings)
    audits = sorted({*counts, *ran} or {DRIFT})
    return Report(
        without_secrets(found),
        tuple(AuditRun(audit, LEVELS[audit], 7, counts[audit], 0.25) for audit in audits),
        {
            "generations": 1_234,
            "links": 2,
            "skipped": [{"audit": audit, "reason": reason} for audit in skipped],
        },
        "postgres",
    )


def hostile() -> Report:
    """A report with hostile texts wherever users' text may stand, in many kinds of findings."""
    return report(
        *(
            row
            for number, text in enumerate(_texts())
            for row in (
                finding(key=f"{number}/{text}", stored=text, expected=text[::-1], generation_id=text),
                drift(_json(text), "[1]", "malformed", shot_id=text, generation_id=f"g{number}"),
                drift("[0]", None, "extra", shot_id=text, generation_id=f"h{number}", detail=text),
            )
        ),
        skipped=("0051_credits_are_the_sum",),
        reason=" ".join(text for text in _texts() if SECRET not in text),
    )


def _texts() -> list[str]:
    """The texts of the widgets' tests, and what terminals, XML, Markdown and workflow commands read."""
    controls = "".join(chr(number) for number in (*range(1, 32), 127, *range(128, 160), 0xFFFE, 0xFFFF))
    address = f"https://files.example/storage/v1/object/sign/a.png?token={SECRET}"
    return [
        *TEXTS,
        controls,
        "\x1b[2J\x1b]0;title\x07\x1b]8;;https://canary.example\x07press\x1b]8;;\x07",
        "\r\n::error::forged\n::add-mask::x\n##[error]forged\r::set-output name=a::b",
        "%0A::error::forged%25%0D%3A:",
        "]]><forged/><![CDATA[",
        "<!--<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;-->",
        "| a | b |\n| --- | --- |\n[a](javascript:alert(1)) ![x](https://canary.example/i.png) `x` *x*",
        "{0} {{1}} \\[x\\](y)",
        address,
        f'["{address}", "//x/?access_token={SECRET}&b=1#c", "postgres://u:{SECRET}@host/db"]',
    ]


def _json(text: str) -> str:
    import json

    return json.dumps([text])
