"""Prints frames as a table, JSON, CSV or Parquet; text from users reaches the terminal as text."""

import sys
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Literal

import click

from shotkit.cli.files import whole_file
from shotkit.cli.fit import fitted
from shotkit.errors import ConfigurationError
from shotkit.plain import clean

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FORMATS", "TEXTS", "table", "write_frame", "write_text"]

FORMATS = ("table", "json", "jsonl", "csv", "parquet")
TEXTS = FORMATS[:-1]  # which can be printed
_LONGEST_CELL = 60
_WIDE = 10_000  # a pipe has no width: nothing is cut there


def write_frame(frame: "pd.DataFrame", form: str, output: str | None) -> None:
    """Write `frame` in one of FORMATS to the file `output`, or to stdout."""
    if form == "parquet":
        _write_parquet(frame, output)
    elif form == "json":
        write_text(frame.to_json(orient="records", date_format="iso", indent=1), output)
    elif form == "jsonl":
        write_text(frame.to_json(orient="records", date_format="iso", lines=True), output)
    elif form == "csv":
        write_text(frame.to_csv(index=False, lineterminator="\n"), output)
    else:
        write_text(table(frame, output, "csv or json"), output)


def write_text(text: str, output: str | None) -> None:
    """Write `text` and a line end to the file `output`, or to stdout; nothing where there is none."""
    text = text.rstrip("\n") + "\n" if text else ""
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


def table(frame: "pd.DataFrame", output: str | None, whole: str = "json") -> str:
    """Return `frame` as a table for the file `output`, or for stdout: as wide as it is on a terminal.

    What columns had no room there is told below, and that the formats `whole` have them all.
    """
    to_terminal = output is None and sys.stdout.isatty()
    longest = None if to_terminal else _LONGEST_CELL
    cells = {str(name): [_cell(value, longest) for value in frame[name]] for name in frame.columns}
    rows = f"{len(frame)} row{'' if len(frame) == 1 else 's'}"
    if not to_terminal:
        return f"{_drawn(frame, cells, _WIDE)}\n\n{rows}"
    width = get_terminal_size().columns
    shown = fitted(cells, {name for name in cells if frame[name].dtype.kind in "iufbM"}, width)
    parts = [_drawn(frame, {name: cells[name] for name in shown}, width, shown), rows]
    if hidden := [name for name in cells if name not in shown]:
        parts[1] += f"; not shown: {', '.join(hidden)} (--format {whole} gives all)"
    return "\n\n".join(parts)


def _drawn(
    frame: "pd.DataFrame", cells: dict[str, list[str]], width: int, widths: "dict[str, int] | None" = None
) -> str:
    from rich import box  # noqa: PLC0415  --help must not wait for rich
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in cells:
        side: Literal["left", "right"] = "right" if frame[name].dtype.kind in "iuf" else "left"
        wide = widths[name] if widths else None
        drawn.add_column(name, overflow="ellipsis", no_wrap=True, justify=side, width=wide)
    for row in zip(*cells.values(), strict=True):
        drawn.add_row(*map(Text, row))
    console = Console(width=width, color_system="auto" if widths else None)
    with console.capture() as capture:
        console.print(drawn)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()).strip("\n")


def _cell(value: object, longest: int | None) -> str:
    import pandas as pd  # noqa: PLC0415  already loaded by whoever made the frame

    if value is pd.NA or value is None or value is pd.NaT:
        return "-"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d %H:%M")
    text = clean(str(value))
    return text if longest is None or len(text) <= longest else text[: longest - 1] + "…"
