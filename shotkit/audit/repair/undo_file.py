"""The undo file: what stood in each column before a repair, on disk before the repair is committed.

A line of JSON each: a head, then one for every batch with the SHA-256 of its cells. It holds addresses and
params whole, so only its owner may read it.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from shotkit import __version__
from shotkit.audit.repair.cells import Cell
from shotkit.errors import ConfigurationError
from shotkit.plain import reason

__all__ = ["UndoFile", "opened", "read"]

_FORMAT = "shotkit undo 1"


class UndoFile:
    """An undo file that is being written."""

    def __init__(self, path: Path, database: str) -> None:
        self._path = path
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise ConfigurationError(
                f"{path} is there already and is not overwritten; name another file."
            ) from None
        except OSError as error:
            raise ConfigurationError(f"Cannot write {path}: {error.strerror}; name another file.") from error
        self._end = self._last = self._begin = 0
        self._add({"format": _FORMAT, "shotkit": __version__, "database": database})
        self._begin = self._end
        _keep(path.parent)

    def add(self, cells: tuple[Cell, ...]) -> None:
        """Write a batch down for good; to be called before it is committed."""
        batch = [asdict(cell) for cell in cells]
        self._add({"sha256": _digest(batch), "batch": batch})

    def take_back(self) -> None:
        """Drop the batch that was added last: it was rolled back."""
        os.ftruncate(self._file, self._last)
        os.fsync(self._file)
        self._end = self._last

    def close(self) -> None:
        """Close the file; one without any batch is removed."""
        os.close(self._file)
        if self._end == self._begin:
            self._path.unlink()

    def _add(self, line: dict[str, object]) -> None:
        data = (json.dumps(line) + "\n").encode()
        self._last = self._end
        # pwrite, because after take_back the file's own position is behind its end.
        while data:
            try:
                count = os.pwrite(self._file, data, self._end)
            except OSError as error:
                raise ConfigurationError(
                    f"Cannot write {self._path}: {error.strerror}; this batch was rolled back."
                ) from error
            data, self._end = data[count:], self._end + count
        os.fsync(self._file)


@contextmanager
def opened(path: "str | os.PathLike[str] | None", database: str) -> Iterator[UndoFile | None]:
    """Open a new undo file at `path`; None for None."""
    if path is None:
        yield None
        return
    file = UndoFile(Path(path), database)
    try:
        yield file
    finally:
        file.close()


def read(path: "str | os.PathLike[str]") -> list[tuple[Cell, ...]]:
    """Return the batches of an undo file in their order.

    A last line without its end was never committed and does not count; any other damage is refused.
    """
    try:
        *lines, _torn = Path(path).read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"Cannot read {path}: {reason(error)}; name an undo file of shotkit."
        ) from error
    if not lines or _parsed(path, 1, lines[0]).get("format") != _FORMAT:
        raise ConfigurationError(f"{path} is no undo file of this shotkit; its first line does not say so.")
    return [_batch(path, number, line) for number, line in enumerate(lines[1:], 2)]


def _batch(path: object, number: int, line: str) -> tuple[Cell, ...]:
    found = _parsed(path, number, line)
    if found.get("sha256") != _digest(found.get("batch")):
        raise _damaged(path, number)
    return tuple(Cell(**cell) for cell in found["batch"])


def _parsed(path: object, number: int, line: str) -> dict[str, Any]:
    try:
        found: Any = json.loads(line)
    except json.JSONDecodeError:
        raise _damaged(path, number) from None
    if not isinstance(found, dict):
        raise _damaged(path, number)
    return found


def _damaged(path: object, number: int) -> ConfigurationError:
    return ConfigurationError(f"Line {number} of {path} was changed or damaged; nothing was put back.")


def _digest(batch: object) -> str:
    return sha256(json.dumps(batch, sort_keys=True).encode()).hexdigest()


def _keep(folder: Path) -> None:
    # The file's name is on disk only with its folder.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
