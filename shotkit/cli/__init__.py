"""The command line.

Exit codes: 0 clean, 1 findings, 2 wrong usage, 3 could not complete, 4 did not cover all it was asked.
"""

import errno
import os
import re
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import click

from shotkit.cli.audit import audit, inject
from shotkit.cli.database import db
from shotkit.cli.demo import demo
from shotkit.cli.describe import describing
from shotkit.cli.doctor import doctor
from shotkit.cli.lab import lab
from shotkit.cli.orphans import orphans
from shotkit.cli.prove import prove
from shotkit.cli.repair import repair
from shotkit.cli.shots import shots, show
from shotkit.cli.snapshot import snapshot
from shotkit.cli.upload import upload
from shotkit.errors import ShotkitError
from shotkit.plain import clean

__all__ = ["main"]

COULD_NOT_COMPLETE = 3
_METHODS = re.compile(r"\bkit\.(shots|projects)\(\)")  # who types commands has no kit; `shots` lists both
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)  # what a disk says to what is printed


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # The reader (`| head`) has gone. click would exit with 1, which here means findings.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(COULD_NOT_COMPLETE)


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="shotkit")
def cli() -> None:
    """Load, check and repair the shots of AI-made video.

    Commands take the database's address from --url (demo has none), SHOTKIT_URL, PGSERVICE or PGHOST,
    else start the embedded PostgreSQL in your data folder (SHOTKIT_HOME moves it).
    """


for command in describing:
    db.add_command(command)
for command in (demo, lab, shots, show, upload, orphans, audit, repair, inject, snapshot, prove, doctor, db):
    cli.add_command(command)


def main() -> NoReturn:
    """Run the command line; an error is one line with the way out, `--traceback` shows the rest."""
    _open_what_is_closed()
    arguments = [argument for argument in sys.argv[1:] if argument != "--traceback"]
    wants_traceback = len(arguments) < len(sys.argv[1:])
    try:
        sys.exit(cli.main(arguments, prog_name="shotkit", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _fail("Cancelled; what was not finished was rolled back.", COULD_NOT_COMPLETE)
    except Exception as error:  # noqa: BLE001  the last line of defence: told in one line, never swallowed
        if wants_traceback:
            traceback.print_exc()
        _tell(error)


def _open_what_is_closed() -> None:
    """Print into nothing where the shell closed what is printed to: `>&-`."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  to the end


def _tell(error: Exception) -> NoReturn:
    if isinstance(error, ShotkitError):
        _fail(_METHODS.sub("`shotkit shots`", str(error)), error.exit_code)
    if isinstance(error, OSError) and error.errno in NO_ROOM and error.filename is None:
        told = "Make room, or write it elsewhere."
        _fail(f"What was to be printed could not be written: {error.strerror}. {told}", COULD_NOT_COMPLETE)
    _fail(f"{type(error).__name__}: {error} (not foreseen; --traceback shows where)", COULD_NOT_COMPLETE)


def _fail(message: str, exit_code: int) -> NoReturn:
    with suppress(OSError):  # nobody can be told, but the exit code still says it
        click.echo(f"shotkit: {clean(message)}", err=True)
    sys.exit(exit_code)
