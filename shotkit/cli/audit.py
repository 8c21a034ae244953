"""`shotkit audit` and `inject`: find what is wrong, and prove that it is found."""

from typing import TYPE_CHECKING

import click

from shotkit.cli.options import Connect, connects, only_option, output_option, split_ids
from shotkit.cli.output import clean, write_frame, write_text

if TYPE_CHECKING:
    from shotkit.audit import Report

__all__ = ["audit", "inject"]

LEVELS = ("error", "warning", "info")
FINDINGS, NOT_COVERED = 1, 4
SHOWN = ("stored", "expected", "detail")


@click.command()
@only_option
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    default="error",
    show_default=True,
    help="Exit 1 on findings of this level or above.",
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@output_option
@connects
def audit(only: str | None, fail_on: str, form: str, output: str | None, connect: Connect) -> None:
    """Check shot_data, links, variants, relations, storage, credits, tasks and the guards of the schema."""
    with connect(read_only=True) as kit:
        report = kit.audit(split_ids(only))
    if form == "json":
        write_text(report.to_json(), output)
    else:
        _write_table(report, output)
    raise SystemExit(_exit_code(report, fail_on))


@click.command()
@click.argument("fault_class", metavar="CLASS")
@click.option(
    "--count", type=click.IntRange(min=1), default=1, show_default=True, help="How many of the class."
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Chooses where; the same seed, the same places."
)
@connects
def inject(fault_class: str, count: int, seed: int, connect: Connect) -> None:
    """Plant faults of CLASS, in an embedded or scratch database only.

    CLASS is a verdict of shot_data, `all` of these, or another audit's number, alone or with its verdict:
    0011, 0011/none.
    """
    from shotkit.demo.faults import plant  # noqa: PLC0415  --help must not wait for it

    with connect() as kit:
        planted = plant(kit.database, fault_class, count=count, seed=seed)
    for fault in planted:
        click.echo(clean(f"{fault.audit}  {fault.verdict}  {fault.key}"))
    mended = "`shotkit repair --apply` mends them" if planted[0].audit == "0001" else "no repair mends them"
    click.echo(f"{len(planted)} planted; `shotkit audit` finds them, {mended}.")


def _write_table(report: "Report", output: str | None) -> None:
    if len(report.findings):
        # The key names the row; the ids it is made of would be said twice.
        write_frame(report.findings[["audit", "level", "verdict", "key", *SHOWN]], "table", output)
    click.echo(repr(report), err=output is not None)


def _exit_code(report: "Report", fail_on: str) -> int:
    counted = set(LEVELS[: LEVELS.index(fail_on) + 1])
    if report.findings["level"].isin(counted).any():
        return FINDINGS
    return NOT_COVERED if report.coverage["skipped"] else 0
