"""The options of a report, its forms and files, and the exit code that it means."""

import os
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shotkit.cli.files import check_folder
from shotkit.cli.options import output_option
from shotkit.cli.output import table, write_text
from shotkit.errors import ConfigurationError
from shotkit.plain import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from shotkit.audit import Report

__all__ = ["FORMS", "Wanted", "hand_out", "report_options"]

FORMS = ("table", "json", "jsonl", "junit", "sarif", "github", "html")
FINDINGS, NOT_COVERED = 1, 4
_SHOWN = ["audit", "level", "verdict", "key", "stored", "expected", "detail"]  # the key names the row
_OPTIONS = (
    click.option(
        "--fail-on",
        type=click.Choice(["error", "warning", "info"]),
        default="error",
        show_default=True,
        help="Exit 1 on findings of this level or above.",
    ),
    click.option("--format", "form", type=click.Choice(FORMS), default="table", show_default=True),
    click.option("--baseline", metavar="FILE", help="Only findings that this file does not know count."),
    click.option("--write-baseline", metavar="FILE", help="Write all findings there, as known from now on."),
)


@dataclass(frozen=True)
class Wanted:
    """What is wanted of a report: form, file, the level that counts, the baselines read and written."""

    form: str
    output: str | None
    fail_on: str
    baseline: str | None
    write_baseline: str | None


def report_options(command: "Callable[..., None]") -> "Callable[..., None]":
    """Add the options of a report, and hand the command what they say as `wanted`."""

    @wraps(command)
    def asked(*arguments: Any, **options: Any) -> None:
        own = {field.name: options.pop(field.name) for field in fields(Wanted)}
        command(*arguments, wanted=Wanted(**own), **options)

    for option in reversed(_OPTIONS):
        asked = option(asked)
    return output_option(asked)


def hand_out(audited: "Callable[[], Report]", wanted: Wanted) -> int:
    """Run the audits, write their report, return the exit code.

    What can be wrong about the files is told before the audits take their time.
    """
    from shotkit.audit import Baseline  # noqa: PLC0415  --help must not wait for it

    check_folder(wanted.write_baseline)
    before = Baseline.read(wanted.baseline) if wanted.baseline else None
    report = audited()
    if wanted.write_baseline:
        write_text(Baseline.of(report, before).to_json(), wanted.write_baseline)
    if before:
        report = report.since(before)
    _write(report, wanted)
    return _exit_code(report, wanted.fail_on)


def _write(report: "Report", wanted: Wanted) -> None:
    write_text(_text(report, wanted), wanted.output)
    if wanted.output is not None:
        click.echo(repr(report), err=True)
    if wanted.form == "github" and (summary := os.environ.get("GITHUB_STEP_SUMMARY")):
        _append(report.to_summary(), summary)


def _exit_code(report: "Report", fail_on: str) -> int:
    from shotkit.audit.catalog import levels_from  # noqa: PLC0415  --help must not wait for it

    if report.levels.intersection(levels_from(fail_on)):
        return FINDINGS
    return NOT_COVERED if report.coverage["skipped"] else 0


def _text(report: "Report", wanted: Wanted) -> str:
    if wanted.form == "table":
        return _table(report, wanted.output)
    if wanted.form == "junit":
        return report.to_junit(wanted.fail_on)
    text: str = getattr(report, f"to_{wanted.form}")()  # FORMS are all that gets here
    return text


def _table(report: "Report", output: str | None) -> str:
    if not len(report.rows):
        return repr(report)
    parts = [table(report.findings[_SHOWN], output)]
    by_cause = report.causes.groupby(["cause", "because"], as_index=False).agg(
        count=("generation_id", "size"), such_as=("generation_id", "min")
    )
    if len(by_cause):
        parts.append("\n".join(["likely causes:", *map(_cause, by_cause.to_dict("records"))]))
    return "\n\n".join([*parts, repr(report)])


def _cause(row: "dict[Hashable, Any]") -> str:
    return clean(f"  {row['cause']} ({row['count']:,}, such as {row['such_as']}): {row['because']}")


def _append(text: str, file: str) -> None:
    """Add to what other commands of the step have said there."""
    try:
        with Path(file).open("a", encoding="utf-8") as summary:
            summary.write(text)
    except OSError as error:
        raise ConfigurationError(f"Cannot write GITHUB_STEP_SUMMARY, {file}: {error.strerror}.") from error
