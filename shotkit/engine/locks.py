"""File locks that the operating system releases when their holder ends, however it ends."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shotkit.errors import EmbeddedServerError

__all__ = ["locked", "share", "try_lock"]

PATIENCE = 120.0  # seconds; twice what a start may take
_PAUSE = 0.05


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the file's lock alone, waiting for whoever holds it."""
    deadline = time.monotonic() + PATIENCE
    while (held := try_lock(file)) is None:
        if time.monotonic() > deadline:
            raise EmbeddedServerError(
                f"Another process has held {file} for {PATIENCE:.0f} s (`lsof` names it); end it and retry."
            )
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        os.close(held)


def try_lock(file: Path) -> int | None:
    """Take the file's lock alone, until the descriptor returned is closed; None if another has it."""
    fcntl = _fcntl()
    descriptor = _open(file)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def share(file: Path) -> int:
    """Hold the file's lock along with others, until the descriptor returned is closed or the process ends."""
    fcntl = _fcntl()
    descriptor = _open(file)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def _open(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)


def _fcntl() -> Any:
    try:
        import fcntl  # noqa: PLC0415  not on Windows
    except ImportError:
        raise EmbeddedServerError(
            "The embedded PostgreSQL needs Linux or macOS; on Windows give the address of a server."
        ) from None
    return fcntl
