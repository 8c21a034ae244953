"""`shotkit repair`: shows what would mend what the audits report, or writes it."""

import click

from shotkit.cli.options import Connect, connects, only_option, split_ids
from shotkit.cli.output import write_frame

__all__ = ["repair"]


@click.command()
@only_option
@click.option("--apply", "write", is_flag=True, help="Write; without it nothing is written.")
@connects
def repair(only: str | None, write: bool, connect: Connect) -> None:
    """Rebuild from the links the shot_data that the audit reports; show it, or write it with --apply."""
    with connect(read_only=not write) as kit:
        result = kit.repair(split_ids(only), apply=write)
    if result.changes.empty:
        click.echo("There is nothing to repair.")
        return
    write_frame(result.changes, "table", None)
    click.echo("Written." if write else "Nothing was written; --apply writes it.")
