"""`shotkit orphans`: files in storage that no row names, listed or removed."""

from time import monotonic

import click

from shotkit.cli.options import Connect, connects, output_option
from shotkit.cli.output import FORMATS, write_frame

__all__ = ["orphans"]


@click.command()
@click.option(
    "--older-than",
    type=click.IntRange(0, 10**8),
    default=3600,
    show_default=True,
    metavar="SECONDS",
    help="Leave out what was written since, which may be of an upload under way.",
)
@click.option("--remove", is_flag=True, help="Remove them, after a question; without it nothing is removed.")
@click.option("--yes", is_flag=True, help="Do not ask, with --remove.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@output_option
@connects
def orphans(  # noqa: PLR0913  each is an option of the command
    *, older_than: int, remove: bool, yes: bool, form: str, output: str | None, connect: Connect
) -> None:
    """List the uploaded files and thumbnails that no row names, or remove them with --remove.

    They are of uploads that were undone or killed. Files that only params name are listed too.
    """
    if yes and not remove:
        raise click.UsageError("--yes answers the question of --remove; give both.")
    begun = monotonic()
    with connect(read_only=not remove) as kit:
        found = kit.orphans(older_than=older_than)
        write_frame(found, form, output)
        if not remove:
            click.echo("Nothing was removed; --remove removes them.", err=True)
        elif len(found) and (yes or click.confirm(_question(len(found)), abort=True, err=True)):
            # What has grown old enough since was not shown.
            gone = kit.orphans(older_than=older_than + int(monotonic() - begun), remove=True)
            click.echo(f"Removed {len(gone):,} files, {sum(gone['bytes']):,} bytes.", err=True)


def _question(count: int) -> str:
    return f"Remove {'this file' if count == 1 else f'these {count:,} files'} for good?"
