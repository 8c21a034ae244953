"""`shotkit lab`: the notebooks, in JupyterLab, on the database."""

import os
import sys
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import click

from shotkit.cli.database import url_option
from shotkit.cli.options import traceback_option
from shotkit.errors import ConfigurationError

__all__ = ["copied", "lab"]


@click.command(context_settings={"ignore_unknown_options": True})
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where your copies of the notebooks are; unless said, a folder of shotkit's own data.",
)
@url_option
@traceback_option
@click.argument("jupyter", nargs=-1, type=click.UNPROCESSED)
def lab(folder: Path | None, url: str | None, jupyter: tuple[str, ...]) -> None:
    """Open the notebooks in JupyterLab, on the demo unless an address leads elsewhere.

    They are copied into a folder of yours; what is there already stays as you left it. JUPYTER is handed on,
    such as --no-browser.
    """
    from shotkit.engine import home  # noqa: PLC0415  --help must not wait for the engine

    if find_spec("jupyterlab") is None:
        raise ConfigurationError("JupyterLab is not installed; run: pip install 'shotkit[all]'.")
    _prepare(url)
    folder = (folder or home() / "notebooks").absolute()
    new = copied(folder)
    click.echo(f"{len(new)} notebooks are new in {folder}; yours stay as they are.")
    _become_jupyter(folder, url, jupyter)


def copied(folder: Path) -> list[str]:
    """Copy the notebooks that are not in `folder` yet; return their names."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [source.name for source in _notebooks() if _copied(source, folder / source.name)]
    except OSError as error:
        found = f"{error.filename or folder}: {error.strerror}"
        raise ConfigurationError(
            f"The notebooks cannot be copied to {found}; name another --folder."
        ) from error


def _copied(source: Traversable, target: Path) -> bool:
    try:
        with target.open("xb") as file:
            file.write(source.read_bytes())
    except FileExistsError:
        return False
    return True


def _notebooks() -> Iterator[Traversable]:
    packaged = files("shotkit").joinpath("_notebooks")
    folder = packaged if packaged.is_dir() else Path(__file__).parents[2] / "notebooks"
    yield from (file for file in folder.iterdir() if file.name.endswith(".ipynb"))


def _prepare(url: str | None) -> None:
    """Try the address, and fill the embedded database with the demo where it is empty."""
    from shotkit.demo.fill import fill  # noqa: PLC0415  --help must not wait for pandas
    from shotkit.kit import connect  # noqa: PLC0415

    with connect(url) as kit:
        if kit.database.embedded and not len(kit.shots()):
            click.echo("The database is empty; the demo is put into it.")
            fill(kit.database, kit.store, progress=sys.stderr.isatty())


def _become_jupyter(folder: Path, url: str | None, more: tuple[str, ...]) -> NoReturn:
    # The same process, so that Ctrl-C and the end of the terminal are JupyterLab's own.
    arguments = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}", *more]
    os.execve(sys.executable, arguments, os.environ | ({"SHOTKIT_URL": url} if url else {}))  # noqa: S606  no shell is wanted
