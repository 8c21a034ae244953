"""What every command takes, and the kit it gets for it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from shotkit.cli.files import check_folder

if TYPE_CHECKING:
    from shotkit.engine import Database
    from shotkit.kit import Kit

__all__ = ["Connect", "connects", "only_option", "output_option", "split_ids", "traceback_option"]

Command = Callable[..., None]


@dataclass(frozen=True)
class Connect:
    """Opens the kit on the database that --url and --user-id name; or that alone, in half the time."""

    url: str | None
    user_id: str | None

    def __call__(self, *, read_only: bool = False) -> "Kit":
        """Open the kit."""
        from shotkit.kit import connect  # noqa: PLC0415  --help must not wait for pandas

        return connect(self.url, user_id=self.user_id, read_only=read_only)

    def database(self) -> "Database":
        """Open the database, to be read."""
        from shotkit.schema.ready import open_ready  # noqa: PLC0415  --help must not wait for the engine

        return open_ready(self.url, user_id=self.user_id, read_only=True)


def traceback_option(command: Command) -> Command:
    """Document --traceback; `main` has taken it out of the arguments before click sees them."""
    shown = "Show where an error came from."
    return click.option("--traceback", is_flag=True, expose_value=False, help=shown)(command)


def output_option(command: Command) -> Command:
    """Add --output."""
    told = "Write to this file, not to stdout."
    return click.option("--output", type=click.Path(dir_okay=False), callback=_in_a_folder, help=told)(
        command
    )


def _in_a_folder(_: click.Context, __: click.Parameter, output: str | None) -> str | None:
    check_folder(output)
    return output


def only_option(command: Command) -> Command:
    """Add --only."""
    shown = "Only these audits: 0001 or the full name."
    return click.option("--only", metavar="ID,ID", help=shown)(command)


def split_ids(only: str | None) -> list[str] | None:
    """Return the names that --only lists."""
    return None if only is None else [name.strip() for name in only.split(",")]


def connects(command: Command) -> Command:
    """Add --url and --user-id, and hand the command `connect`, which opens the kit they name."""

    @wraps(command)
    def connected(*arguments: Any, url: str | None, user_id: str | None, **options: Any) -> None:
        command(*arguments, connect=Connect(url, user_id), **options)

    added = click.option("--user-id", help="Act as this user, under row level security.")(connected)
    added = click.option("--url", help="Database address: a URL, or service=NAME.")(added)
    return traceback_option(added)
