"""`shotkit audit --against`: two stores held against each other, and the exit code that it means."""

import sys
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

import click

from shotkit.cli.engines import opened_source
from shotkit.cli.output import table, write_text
from shotkit.cli.reports import FINDINGS, NOT_COVERED, Wanted
from shotkit.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from shotkit.cli.options import Connect
    from shotkit.compare import Comparison
    from shotkit.engine import Database

__all__ = ["against_option", "tell_differences"]

FORMS = ("table", "json", "jsonl")
_OF_AUDITS = ("only", "engine", "jobs", "self_test", "baseline", "write_baseline")


def against_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add --against."""
    told = "Run no audits: compare the rows with those of this database or snapshot."
    return click.option("--against", metavar="ADDRESS", help=told)(command)


def tell_differences(connect: "Connect", snapshot: "Path | None", against: str, wanted: Wanted) -> int:
    """Compare what is audited with what is at `against`, write what differs, return the exit code."""
    from shotkit.compare import compare  # noqa: PLC0415  --help must not wait for it

    _refuse_what_audits_take(wanted)
    with opened_source(connect, snapshot) as source, closing(_other(against)) as other:
        compared = compare(source, other, progress=sys.stderr.isatty())
    write_text(_text(compared, wanted), wanted.output)
    if wanted.output is not None:
        click.echo(repr(compared), err=True)
    if len(compared.differences):
        return FINDINGS
    return NOT_COVERED if compared.skipped else 0


def _refuse_what_audits_take(wanted: Wanted) -> None:
    given = dict(click.get_current_context().params)
    given["engine"] = given.pop("engines")
    if found := [name for name in _OF_AUDITS if given.get(name)]:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in found)
        raise ConfigurationError(f"--against compares rows and runs no audits; leave {names} out.")
    if wanted.form not in FORMS:
        raise ConfigurationError(
            f"--against writes {', '.join(FORMS)}; {wanted.form} is a form of findings of audits."
        )


def _other(against: str) -> "Database":
    """Open the other side as the same user; a snapshot says itself as whom it was taken."""
    from shotkit.engine import open_database, resolve  # noqa: PLC0415  --help must not wait for it

    user_id = None if resolve(against).folder else click.get_current_context().params.get("user_id")
    return open_database(against, user_id=user_id, read_only=True)


def _text(compared: "Comparison", wanted: Wanted) -> str:
    if wanted.form == "json":
        return compared.to_json()
    if wanted.form == "jsonl":
        return compared.differences.to_json(orient="records", lines=True)
    if compared.differences.empty:
        return repr(compared)
    return f"{table(compared.differences, wanted.output)}\n\n{compared!r}"
