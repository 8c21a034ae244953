"""`shotkit snapshot`: the core tables of one moment, as a folder of Parquet files."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shotkit.cli.options import Connect, connects
from shotkit.cli.output import TEXTS, write_frame
from shotkit.plain import clean

if TYPE_CHECKING:
    import pandas as pd

    from shotkit.engine import Snapshot

__all__ = ["snapshot"]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(TEXTS), default="table", show_default=True)
@connects
def snapshot(folder: Path, form: str, connect: Connect) -> None:
    """Write the core tables of one moment to FOLDER, which must be new or empty.

    It holds what the user connected may read, without keys of other services and signatures of addresses;
    `--url FOLDER` then opens it, read-only.
    """
    with connect(read_only=True) as kit:
        taken = kit.snapshot(folder, progress=sys.stderr.isatty())
    write_frame(_tables(taken), form, None)
    click.echo(clean(f"{taken.bytes:,} bytes in {folder}, of {taken.taken_at}."), err=form != "table")


def _tables(taken: "Snapshot") -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415  --help must not wait for pandas

    return pd.DataFrame(
        {
            "table": name,
            "rows": table["rows"],
            "files": len(table["files"]),
            "bytes": sum(file["bytes"] for file in table["files"]),
        }
        for name, table in taken.tables.items()
    )
