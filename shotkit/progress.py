"""A progress bar on a terminal's standard error, and nothing anywhere else."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["bar"]


@contextmanager
def bar(what: str, total: int, *, shown: bool) -> Iterator[Callable[..., None]]:
    """Show how far `what` has come, of `total` steps; call what this yields after each, or after so many.

    Called with `done`, it tells beside the bar which step that was.
    """
    if not shown or os.environ.get("CI") or not sys.stderr.isatty():
        yield lambda *_, **__: None
        return
    from rich.console import Console  # noqa: PLC0415  only where there is a terminal to draw on
    from rich.markup import escape  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda steps=1, done="": progress.update(
            task, advance=steps, description=f"{what} {escape(done)}".rstrip()
        )
