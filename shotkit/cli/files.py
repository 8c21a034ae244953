"""Writes files whole or not at all: who reads one never sees half of it, and a failure leaves the old one."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shotkit.errors import ConfigurationError

__all__ = ["check_folder", "whole_file"]


def check_folder(output: str | None) -> None:
    """Refuse a file whose folder is not there, before the work whose result it is to hold."""
    if output is not None and not (folder := Path(output).parent).is_dir():
        raise ConfigurationError(
            f"Cannot write {output}: there is no folder {folder}. Make it, or name another."
        )


@contextmanager
def whole_file(output: str) -> Iterator[Path]:
    """Give a path to write to; what stands there at the end takes the place of `output` at once."""
    check_folder(output)
    target = Path(os.path.realpath(output))  # the file a link leads to, so that the link stays
    try:
        if _is_special(target):
            yield target
            return
        beside = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            yield beside
            if target.exists():
                beside.chmod(stat.S_IMODE(target.stat().st_mode))
            beside.replace(target)
        finally:
            with suppress(FileNotFoundError):
                beside.unlink()
    except OSError as error:
        raise ConfigurationError(f"Cannot write {output}: {error.strerror}. Name another file.") from error


def _is_special(target: Path) -> bool:
    """Whether it is there and no plain file: /dev/stdout, a pipe; these are written to, never replaced."""
    return target.exists() and not target.is_file()
