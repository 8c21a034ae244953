"""`shotkit repair`: shows what would mend what the audits report, writes it, or takes it back."""

from typing import TYPE_CHECKING

import click

from shotkit.cli.options import Connect, connects, only_option, output_option, split_ids
from shotkit.cli.output import write_frame, write_text
from shotkit.plain import clean

if TYPE_CHECKING:
    import pandas as pd

    from shotkit.audit import Repair
    from shotkit.kit import Kit

__all__ = ["repair"]

NOT_COVERED = 4
NAMED = 5  # keys of what is refused; --format json has all
FILE = click.Path(dir_okay=False)


@click.command()
@only_option
@click.option("--apply", "write", is_flag=True, help="Write; without it nothing is written.")
@click.option("--undo-file", type=FILE, help="Write what stood there to this new file, with --apply.")
@click.option("--undo", type=FILE, help="Put back what this undo file says stood there.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@output_option
@connects
def repair(  # noqa: PLR0913  each is an option of the command
    *,
    only: str | None,
    write: bool,
    undo_file: str | None,
    undo: str | None,
    form: str,
    output: str | None,
    connect: Connect,
) -> None:
    """Show what mends the findings of the audits that have a repair, or write it with --apply.

    Exits with 4 where findings are refused: changed since the audit, without a repair, or not kept.
    """
    _refuse_mixed(only, undo_file, undo, write=write)
    with connect(read_only=not (write or undo)) as kit:
        result = (
            kit.repair_undo(undo) if undo else kit.repair(split_ids(only), apply=write, undo_file=undo_file)
        )
        beyond = "" if only or undo else _beyond(kit)
    if form == "json":
        write_text(result.to_json(), output)
    else:
        _write_tables(result, output, "put back" if undo else "repair")
    if beyond:
        click.echo(beyond, err=form == "json" or output is not None)
    raise SystemExit(NOT_COVERED if len(result.refused) else 0)


def _refuse_mixed(only: str | None, undo_file: str | None, undo: str | None, *, write: bool) -> None:
    if undo and (only or write or undo_file):
        raise click.UsageError("--undo goes by its file alone: without --only, --apply and --undo-file.")
    if undo_file and not write:
        raise click.UsageError("--undo-file is written by --apply; give both.")


def _beyond(kit: "Kit") -> str:
    """Return a line that names the audits with findings that have no repair, if there are any."""
    from shotkit.audit import WAYS_OUT  # noqa: PLC0415  --help must not wait for it

    found = kit.audit(list(WAYS_OUT)).findings
    counts = found.loc[found["level"] != "info", "audit"].value_counts(sort=False).to_dict()
    if not counts:
        return ""
    named = ", ".join(f"{audit} ({count:,})" for audit, count in counts.items())
    numbers = ",".join(str(audit)[:4] for audit in counts)
    return f"Found, without a repair: {named}; `shotkit repair --only {numbers}` says why and what to do."


def _write_tables(result: "Repair", output: str | None, what: str) -> None:
    if len(result.changes):
        write_frame(result.changes, "table", output)
    told = output is not None
    if len(result.refused):
        _tell_refused(result.refused, err=told)
    if result.changes.empty and result.refused.empty:
        click.echo(f"There is nothing to {what}.", err=told)
    elif result.certificate is not None:
        done = "Written" if len(result.changes) else "Nothing was written"
        click.echo(f"{done}. {result.certificate!r}", err=told)
    elif len(result.changes):
        click.echo("Nothing was written; --apply writes it.", err=told)


def _tell_refused(refused: "pd.DataFrame", *, err: bool) -> None:
    # In words, not in a table, which would cut the way out off.
    for (audit, reason), own in refused.groupby(["audit", "reason"])["key"]:
        if not any(own):  # it is about the audit as a whole
            click.echo(clean(f"Refused, {audit}: {reason}."), err=err)
            continue
        keys = ", ".join(own[:NAMED]) + (", ..." if len(own) > NAMED else "")
        click.echo(clean(f"Refused, {len(own)} of {audit}: {reason}. ({keys})"), err=err)
