"""Prints frames as a table, JSON, CSV or Parquet; text from users reaches the terminal as text."""

import sys
from typing import TYPE_CHECKING

import click

from shotkit.cli.files import whole_file
from shotkit.errors import ConfigurationError
from shotkit.plain import clean

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FORMATS", "table", "write_frame", "write_text"]

FORMATS = ("table", "json", "csv", "parquet")
_LONGEST_CELL = 60
_WIDE = 10_000  # a pipe has no width: nothing is cut there


def write_frame(frame: "pd.DataFrame", form: str, output: str | None) -> None:
    """Write `frame` in one of FORMATS to the file `output`, or to stdout."""
    if form == "parquet":
        _write_parquet(frame, output)
    elif form == "json":
        write_text(frame.to_json(orient="records", date_format="iso", indent=1), output)
    elif form == "csv":
        write_text(frame.to_csv(index=False, lineterminator="\n"), output)
    else:
        write_text(table(frame, output), output)


def write_text(text: str, output: str | None) -> None:
    """Write `text` and a line end to the file `output`, or to stdout."""
    text = text.rstrip("\n") + "\n"
    if output is None:
        click.echo(text, nl=False)
        return
    with whole_file(output) as file:
        file.write_text(text, "utf-8")


def _write_parquet(frame: "pd.DataFrame", output: str | None) -> None:
    if output is None:
        raise ConfigurationError("Parquet is binary and is not printed; name a file with --output.")
    with whole_file(output) as file:
        frame.to_parquet(file, index=False)


def table(frame: "pd.DataFrame", output: str | None) -> str:
    """Return `frame` as a table for the file `output`, or for stdout: as wide as it is on a terminal."""
    from rich import box  # noqa: PLC0415  --help must not wait for rich
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in frame.columns:
        drawn.add_column(
            name, overflow="fold", justify="right" if frame[name].dtype.kind in "iuf" else "left"
        )
    for row in frame.itertuples(index=False):
        drawn.add_row(*(Text(_cell(value)) for value in row))
    to_terminal = output is None and sys.stdout.isatty()
    console = Console(width=None if to_terminal else _WIDE, color_system="auto" if to_terminal else None)
    with console.capture() as capture:
        console.print(drawn)
    shown = "\n".join(line.rstrip() for line in capture.get().splitlines()).strip("\n")
    return f"{shown}\n\n{len(frame)} row{'' if len(frame) == 1 else 's'}"


def _cell(value: object) -> str:
    import pandas as pd  # noqa: PLC0415  already loaded by whoever made the frame

    if value is pd.NA or value is None or value is pd.NaT:
        return "-"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d %H:%M")
    text = clean(str(value))
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"
