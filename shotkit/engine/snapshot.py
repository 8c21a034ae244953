"""A snapshot's folder, checked: every file that its manifest names is there, of its size, unchanged."""

import hashlib
import json
from pathlib import Path, PurePosixPath
from typing import Any

from shotkit.errors import ConfigurationError, CouldNotCompleteError

__all__ = ["Snapshot", "write_manifest"]

FORMAT = 1
MANIFEST = "manifest.json"
_OF_A_FILE = ("file", "rows", "bytes", "sha256")
_SMALL = 256 << 20  # bytes in all that are read again at each opening, in a fraction of a second


class Snapshot:
    """The folder of a snapshot, as its manifest describes it.

    At opening, the manifest's own checksum and the presence and size of each file are checked, and nothing
    else may be there. The checksums of the files are checked too where they are no more than 256 MB in all,
    or with `verify=True`.
    """

    def __init__(self, folder: str | Path, *, verify: bool | None = None) -> None:
        self.folder = Path(folder).absolute()
        self.manifest = _manifest(self.folder)
        self._files = _files(self.folder, self.manifest)
        _check_files(self.folder, self._files)
        if verify or (verify is None and self.bytes <= _SMALL):
            self.verify()

    @property
    def tables(self) -> dict[str, Any]:
        """The tables of the database by their names: columns, rows, files."""
        return dict(self.manifest["tables"])

    @property
    def server(self) -> dict[str, Any]:
        """What the server said of itself, as tables: the guards of the schema."""
        return dict(self.manifest["server"])

    @property
    def partial(self) -> frozenset[str]:
        """The tables of which row level security may have hidden rows from whoever took it."""
        # Before snapshots said of which tables they hold a part, they said only as whom they were taken.
        return frozenset(self.manifest.get("partial", self.tables if self.manifest["acts_as"] else ()))

    @property
    def taken_at(self) -> str:
        """When it was taken, in ISO 8601."""
        return str(self.manifest["taken_at"])

    @property
    def bytes(self) -> int:
        """The size of its files in all."""
        return sum(file["bytes"] for file in self._files)

    def paths(self, table: dict[str, Any]) -> list[Path]:
        """Return the files of a table."""
        return [self.folder / file["file"] for file in table["files"]]

    def verify(self) -> None:
        """Check the checksum of every file."""
        for file in self._files:
            with (self.folder / file["file"]).open("rb") as opened:
                if hashlib.file_digest(opened, "sha256").hexdigest() != file["sha256"]:
                    raise _refused(self.folder, f"{file['file']} was changed since it was written")

    def __repr__(self) -> str:
        rows = sum(table["rows"] for table in self.tables.values())
        return f"<Snapshot {self.folder.name}: {len(self.tables)} tables, {rows:,} rows>"


def write_manifest(folder: Path, body: dict[str, Any]) -> None:
    """Write the manifest, which makes a folder of files a snapshot."""
    whole = {"format": FORMAT, **body}
    text = json.dumps(whole | {"sha256": _checksum(whole)}, indent=1)
    (folder / MANIFEST).write_text(text + "\n", "utf-8")


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        read = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise ConfigurationError(
            f"{folder} is no snapshot: it has no {MANIFEST}; take one with `shotkit snapshot`."
        ) from None
    except OSError as error:
        raise ConfigurationError(f"Cannot read {folder}: {error.strerror}; name another folder.") from error
    except ValueError:
        raise _refused(folder, f"{MANIFEST} is no JSON") from None
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise _refused(folder, f"{MANIFEST} is not of format {FORMAT}")
    if read.pop("sha256", None) != _checksum(read):
        raise _refused(folder, f"{MANIFEST} was changed since it was written")
    return read


def _files(folder: Path, manifest: dict[str, Any]) -> list[dict[str, Any]]:
    try:
        tables = [*manifest["tables"].values(), *manifest["server"].values()]
        return [{name: file[name] for name in _OF_A_FILE} for table in tables for file in table["files"]]
    except (AttributeError, KeyError, TypeError):
        raise _refused(folder, f"{MANIFEST} lacks what format {FORMAT} has") from None


def _check_files(folder: Path, files: list[dict[str, Any]]) -> None:
    named = {PurePosixPath(MANIFEST), *(PurePosixPath(file["file"]) for file in files)}
    found = {
        PurePosixPath(path.relative_to(folder).as_posix()): path
        for path in folder.rglob("*")
        if not path.is_dir()
    }
    for name in sorted(found.keys() - named):
        raise ConfigurationError(f"The snapshot {folder} holds {name}, which is not of it; move that away.")
    for file in files:
        path = found.get(PurePosixPath(file["file"]))
        if path is None or not path.is_file():
            raise _refused(folder, f"{file['file']} is missing")
        if path.stat().st_size != file["bytes"]:
            raise _refused(
                folder, f"{file['file']} has {path.stat().st_size} bytes, {file['bytes']} were written"
            )


def _checksum(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _refused(folder: Path, reason: str) -> CouldNotCompleteError:
    return CouldNotCompleteError(
        f"The snapshot {folder} is not whole: {reason}. Take it again, or copy it anew from a whole one."
    )
