"""`shotkit db columns`, `dump`, `types` and `supabase`: a schema, whoever made it, as other tools want it."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shotkit.cli.database import url_option
from shotkit.cli.options import output_option, traceback_option
from shotkit.cli.output import TEXTS, write_frame, write_text
from shotkit.errors import NotFoundError

if TYPE_CHECKING:
    from shotkit.schema.capabilities import Capabilities

__all__ = ["describing"]

LANGUAGES = ("dataclasses", "pydantic", "typescript")


@click.command()
@click.option("--table", help="Of this table or view only.")
@click.option("--format", "form", type=click.Choice(TEXTS), default="table", show_default=True)
@output_option
@url_option
@traceback_option
def columns(table: str | None, form: str, output: str | None, url: str | None) -> None:
    """List the columns of the tables and views: table_name, column_name, data_type, is_nullable."""
    import pandas as pd  # noqa: PLC0415  --help must not wait for pandas

    rows = [
        (each.name, column.name, column.type, "YES" if column.nullable else "NO")
        for each in _look(url).tables
        if table in (None, each.name)
        for column in each.columns
    ]
    if table is not None and not rows:
        raise NotFoundError(f"There is no table {table!r} in public; `shotkit db columns` lists all.")
    names = ["table_name", "column_name", "data_type", "is_nullable"]
    write_frame(pd.DataFrame(rows, columns=names), form, output)


@click.command()
@output_option
@url_option
@traceback_option
def dump(output: str | None, url: str | None) -> None:
    """Print the statements that make the schema public, rights and comments too, by pg_dump; no rows."""
    from shotkit.engine import open_database  # noqa: PLC0415  --help must not wait for the engine

    with closing(open_database(url, read_only=True)) as database:
        write_text(database.schema(bare=False), output)


@click.command()
@click.option("--as", "language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
@output_option
@url_option
@traceback_option
def types(language: str, output: str | None, url: str | None) -> None:
    """Write a type for the rows of each table and view: Python or TypeScript, to be checked in."""
    from shotkit.schema.row_types import dataclasses_of, models_of  # noqa: PLC0415  --help must not wait
    from shotkit.schema.typescript import typescript_of  # noqa: PLC0415

    written = dict(zip(LANGUAGES, (dataclasses_of, models_of, typescript_of), strict=True))
    write_text(written[language](_look(url)), output)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@traceback_option
def supabase(folder: Path) -> None:
    """Write shotkit's migrations to FOLDER as Supabase's, such as supabase/migrations.

    `supabase db push` then makes the schema, and `shotkit db status` knows what it has applied.
    """
    from shotkit.schema.supabase import write  # noqa: PLC0415  --help must not wait for the engine

    for file in write(folder):
        click.echo(f"wrote {file}")
    click.echo(f"{folder} has every migration of shotkit.")


describing = (columns, dump, types, supabase)


def _look(url: str | None) -> "Capabilities":
    from shotkit.engine import open_database  # noqa: PLC0415  --help must not wait for the engine
    from shotkit.schema.capabilities import look  # noqa: PLC0415

    with closing(open_database(url, read_only=True)) as database:
        return look(database)
