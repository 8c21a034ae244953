"""`shotkit db`: the migrations of the schema shotkit makes, and the embedded server's end."""

from contextlib import closing

import click

from shotkit.cli.options import traceback_option
from shotkit.cli.output import TEXTS, write_frame
from shotkit.errors import NotPermittedError

__all__ = ["db", "url_option"]

_UNREADABLE = (
    "shotkit.migrations is not this user's to read, so that nothing tells which were applied. Ask as the "
    "user who pushed, or have him GRANT USAGE ON SCHEMA shotkit and SELECT ON shotkit.migrations. "
    "`shotkit doctor` tells what loading lacks, if anything."
)
url_option = click.option("--url", help="Database address: a URL, or service=NAME.")


@click.group()
def db() -> None:
    """Apply migrations and see which were; describe the schema; stop the embedded server."""


@db.command()
@url_option
@traceback_option
def push(url: str | None) -> None:
    """Apply the pending migrations, each in one transaction; there is no reset."""
    from shotkit.engine import open_database  # noqa: PLC0415  --help must not wait for the engine
    from shotkit.schema.migrations import push as apply  # noqa: PLC0415

    with closing(open_database(url)) as database:
        for migration in apply(database):
            click.echo(f"applied {migration}")
    click.echo("The schema is up to date.")


@db.command()
@click.option("--format", "form", type=click.Choice(TEXTS), default="table", show_default=True)
@url_option
@traceback_option
def status(form: str, url: str | None) -> None:
    """List the migrations and whether each was applied, and those that Supabase has applied.

    A user who may not ask that has them listed as unreadable.
    """
    import pandas as pd  # noqa: PLC0415  --help must not wait for pandas

    from shotkit.engine import open_database  # noqa: PLC0415
    from shotkit.schema.migrations import status as states  # noqa: PLC0415
    from shotkit.schema.migrations import untold  # noqa: PLC0415
    from shotkit.schema.supabase import applied  # noqa: PLC0415

    with closing(open_database(url, read_only=True)) as database:
        try:
            found = states(database)
        except NotPermittedError:
            found = untold()
            click.echo(_UNREADABLE, err=True)
        try:
            found += applied(database)
        except NotPermittedError:
            click.echo("Supabase's own list of migrations is not this user's to read.", err=True)
    write_frame(pd.DataFrame(found), form, None)


@db.command()
@traceback_option
def stop() -> None:
    """Stop the embedded server; its data stays."""
    from shotkit.engine import embedded  # noqa: PLC0415  --help must not wait for the engine

    was_running = embedded.stop()
    click.echo("The embedded server is stopped." if was_running else "The embedded server was not running.")
