"""`shotkit upload`: files into a shot."""

import sys

import click

from shotkit.cli.options import Connect, connects
from shotkit.cli.output import TEXTS, write_frame

__all__ = ["upload"]


@click.command()
@click.argument("shot")
@click.argument("files", nargs=-1, required=True)
@click.option("--unpositioned", is_flag=True, help="Leave them off the timeline.")
@click.option("--dry-run", is_flag=True, help="Check the files and show the frames; write nothing.")
@click.option("--format", "form", type=click.Choice(TEXTS), default="table", show_default=True)
@connects
def upload(  # noqa: PLR0913  each is an option of the command
    shot: str, files: tuple[str, ...], *, unpositioned: bool, dry_run: bool, form: str, connect: Connect
) -> None:
    """Put the images and videos FILES into SHOT, an id or a name, behind its last frame.

    All of them or none: a file that cannot be uploaded is told before anything is written.
    """
    with connect() as kit:
        change = kit.upload(
            shot, files, positioned=not unpositioned, dry_run=dry_run, progress=sys.stderr.isatty()
        )
    new = change.after[~change.after["id"].isin(change.before["id"])]
    write_frame(new, form, None)
    if dry_run:
        click.echo("Nothing was written.", err=True)
