"""Remembers each change of one user on one machine, before it is sent and after, and what takes it back."""

import json
import sqlite3
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Protocol

from shotkit.engine import home
from shotkit.errors import (
    ConnectionLostError,
    CouldNotCompleteError,
    InvalidChangeError,
    NotFoundError,
    ShotkitError,
)
from shotkit.journal.entry import Entry
from shotkit.journal.file import File, run
from shotkit.secret import cleaned, holds_secret

__all__ = ["Journal"]

KEPT = 10_000  # entries
BUDGET = 64 << 20  # bytes of what takes changes back
_AT_ONCE = 64  # entries between two looks at the budget
_WITHHELD_KEPT = 100  # changes, in memory
_WITHHELD = "what it would bring back holds a signed address or a secret, which is never written to a file"
_TOO_OLD = "it is too old: only the newest changes can be taken back"
_FOUND = "it was found stored later, and what stood there before it is not known"
_UNSEEN = "what became of it was never heard"


class Stored(Protocol):
    """A change as stored."""

    @property
    def xid(self) -> str | None:
        """The transaction; None where there was nothing to write."""

    @property
    def undo(self) -> str | None:
        """What takes it back, as JSON."""


class Journal:
    """A file of changes, `journal.sqlite` in shotkit's folder, that threads and processes share.

    `begin` before a change is sent, then `settle` or `refuse`; one that heard of neither stays 'unknown'.
    The newest `keep` changes stay. Query strings of addresses are cut off; a change that could be taken back
    only with one of them can be undone until the process ends.
    """

    def __init__(self, path: Path | None = None, *, keep: int = KEPT, budget: int = BUDGET) -> None:
        self._file = File(path or home() / "journal.sqlite")
        self._keep = keep
        self._budget = budget
        self._withheld: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"<Journal {self._file.path}>"

    def begin(self, entry: Entry) -> None:
        """Note a change that is about to be sent; raises CouldNotCompleteError where that is not possible."""
        given = {field.name: getattr(entry, field.name) for field in fields(entry)}
        texts = {name: cleaned(given[name]) for name in ("code", "label", "place")}
        rest = {"at": entry.microseconds, "is_complete": texts["code"] == entry.code}
        unsettled = ("status", "wrote", "reason", "undone_by")
        row = {name: value for name, value in (given | texts | rest).items() if name not in unsettled}

        def write(connection: sqlite3.Connection) -> None:
            run(connection, "begin", **row)
            run(connection, "drop_old", keep=self._keep)

        self._file.write(write)

    def settle(self, op_id: str, change: Stored) -> None:
        """Note that a change is stored; where that fails, warn: the entry stays 'unknown'.

        One that had nothing to write is dropped: there is nothing to undo, and nothing to repeat.
        """
        if change.xid is None:
            with _warned(op_id):
                self._file.write(lambda connection: run(connection, "forget", op_id=op_id))
            return
        undo = change.undo
        secret = undo is not None and holds_secret(undo)
        if undo is not None and secret:
            self._withheld[op_id] = undo
            for oldest in list(self._withheld)[:-_WITHHELD_KEPT]:
                del self._withheld[oldest]
        kept = None if undo is None or secret else zlib.compress(undo.encode())
        with _warned(op_id):
            self._end(op_id, "stored", wrote=True, reason=_WITHHELD if secret else "", undo=kept)

    def refuse(self, op_id: str, error: BaseException) -> None:
        """Note that a change was refused and why; after a lost connection it stays 'unknown'."""
        refused = isinstance(error, ShotkitError) and not isinstance(error, ConnectionLostError)
        reason = cleaned(str(error)) or type(error).__name__
        with _warned(op_id):
            self._end(op_id, "refused" if refused else "unknown", wrote=False, reason=reason)

    def found(self, op_id: str) -> None:
        """Note of an 'unknown' change that it is stored."""
        self._end(op_id, "stored", wrote=True, reason=_FOUND, found_out=True)

    def still_unknown(self, op_id: str, reason: str) -> None:
        """Note why nobody can tell what became of a change."""
        self._end(op_id, "unknown", wrote=False, reason=reason, found_out=True)

    def find(self, op_id: str) -> Entry:
        """Return one change."""
        if not (found := self._entries(op_id=op_id)):
            raise NotFoundError(
                f"The journal has no change {op_id[:80]!r}; see kit.history(). "
                "What wrote nothing is not noted."
            )
        return found[0]

    def entries(
        self, *, database: str | None = None, identity: str | None = None, shot_id: str | None = None
    ) -> list[Entry]:
        """Return the changes noted, oldest first; None is any."""
        return self._entries(database=database, identity=identity, shot_id=shot_id)

    def unsettled(self, *, database: str | None = None, identity: str | None = None) -> list[Entry]:
        """Return the changes of which nothing was heard: in flight, or left by a process that was killed."""
        return self._entries(database=database, identity=identity, status="unknown")

    def last_undoable(self, *, database: str, identity: str, shot_id: str | None = None) -> Entry | None:
        """Return the newest change that stands and can be taken back, or None; `shot_id`: of its links."""
        withheld = json.dumps(list(self._withheld))
        return self._last("last_undoable", database, identity, shot_id, withheld=withheld)

    def last_standing(self, *, database: str, identity: str, shot_id: str | None = None) -> Entry | None:
        """Return the newest change that stands, whether it can be taken back or not."""
        return self._last("last_standing", database, identity, shot_id)

    def last_undone(self, *, database: str, identity: str, shot_id: str | None = None) -> Entry | None:
        """Return the undo to take back for a redo, or None: the newest, if no new change came after it."""
        return self._last("last_undone", database, identity, shot_id)

    def undo(self, op_id: str) -> str:
        """Return what takes a change back, as JSON; raises InvalidChangeError where it cannot be."""
        entry = self.find(op_id)
        reason = ""
        if entry.undone_by:
            reason = f"it is undone already, by {entry.undone_by}"
        elif entry.status != "stored" or not entry.wrote:
            reason = {"unknown": _UNSEEN, "refused": "it was refused"}.get(entry.status, "it changed nothing")
        if reason:
            raise self._not_undoable(entry, reason)
        if op_id in self._withheld:
            return self._withheld[op_id]
        [row] = self._file.rows("undo", op_id=op_id)
        if row["undo"] is None:
            raise self._not_undoable(entry, entry.reason)
        return zlib.decompress(row["undo"]).decode()

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        self._file.close()

    def _entries(self, **wanted: str | None) -> list[Entry]:
        anything = dict.fromkeys(("op_id", "database", "identity", "shot_id", "status"))
        return [Entry.of(row) for row in self._file.rows("entries", **anything | wanted)]

    def _not_undoable(self, entry: Entry, reason: str) -> InvalidChangeError:
        said = f"{entry.label or entry.op_id} cannot be undone: {reason}."
        if another := self.last_undoable(database=entry.database, identity=entry.identity):
            said += f" kit.undo({another.op_id!r}) takes back the newest change that can be: {another.label}."
        return InvalidChangeError(said)

    def _last(
        self, name: str, database: str, identity: str, shot_id: str | None, **more: str
    ) -> Entry | None:
        rows = self._file.rows(name, database=database, identity=identity, shot_id=shot_id, **more)
        return self.find(rows[0]["op_id"]) if rows else None

    def _end(  # noqa: PLR0913  what a row says, by keyword
        self,
        op_id: str,
        status: str,
        *,
        wrote: bool,
        reason: str,
        undo: bytes | None = None,
        found_out: bool = False,
    ) -> None:
        row = {"status": status, "wrote": wrote, "reason": reason, "undo": undo, "found_out": found_out}

        def write(connection: sqlite3.Connection) -> None:
            settled = run(connection, "settle", op_id=op_id, **row)
            if wrote and settled:
                _mark_undone(connection, op_id, settled[0]["undoes"])
            # The ids are random: one in so many looks.
            if undo and int(op_id[-4:], 16) % _AT_ONCE == 0:
                run(connection, "drop_large", budget=self._budget, reason=_TOO_OLD)

        self._file.write(write)


def _mark_undone(connection: sqlite3.Connection, by: str, target: str | None) -> None:
    """Walk from an undo to what it undid, what that had undone, and so on: by turns undone and standing."""
    undone = True
    while target is not None:
        marked = run(connection, "mark_undone", op_id=target, undone_by=by if undone else None)
        by, target, undone = target, marked[0]["undoes"] if marked else None, not undone


@contextmanager
def _warned(op_id: str) -> Iterator[None]:
    try:
        yield
    except CouldNotCompleteError as error:
        warnings.warn(
            f"What became of the change {op_id} could not be noted: {error.__cause__}. It stays 'unknown' in "
            "the journal; what the database answered holds.",
            RuntimeWarning,
            stacklevel=4,
        )
