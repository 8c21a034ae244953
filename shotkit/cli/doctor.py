"""`shotkit doctor`: what there is in a database, and what is dangerous in it."""

from typing import TYPE_CHECKING

import click

from shotkit.cli.options import Connect, connects, output_option
from shotkit.cli.output import write_text

if TYPE_CHECKING:
    from shotkit.doctor import Diagnosis

__all__ = ["doctor"]

FINDINGS, NOT_COVERED = 1, 4


@click.command()
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info"]),
    default="error",
    show_default=True,
    help="Exit 1 on dangers of this level or above.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@output_option
@connects
def doctor(fail_on: str, form: str, output: str | None, connect: Connect) -> None:
    """Look at how a database is made: tables, triggers, functions, policies; tell what is dangerous.

    Only catalogs are read, and some entries of shot_data: any user may ask. Nothing is written.
    """
    with connect(read_only=True) as kit:
        diagnosis = kit.doctor()
    write_text(diagnosis.to_json() if form == "json" else repr(diagnosis), output)
    raise SystemExit(_exit_code(diagnosis, fail_on))


def _exit_code(diagnosis: "Diagnosis", fail_on: str) -> int:
    from shotkit.audit.catalog import levels_from  # noqa: PLC0415  --help must not wait for it

    counting = levels_from(fail_on)
    if any(danger.level in counting for danger in diagnosis.dangers):
        return FINDINGS
    return NOT_COVERED if diagnosis.lacking else 0
