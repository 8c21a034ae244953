"""Edits: shown at once, then replaced by what was stored, or taken back; nothing in between is lost."""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Literal

from shotkit.query.entry import Entry
from shotkit.query.errors import EditSettledError
from shotkit.query.events import first_line
from shotkit.query.fetches import Fetches
from shotkit.query.keys import QueryKey, as_key
from shotkit.query.optimistic import Log, Operation, Patch
from shotkit.query.store import Effects, Store

__all__ = ["Edit", "Edits"]


class Edit:
    """One pending edit of one or more entries. Acknowledge it with the rows as stored, or refuse it; once."""

    def __init__(self, edits: "Edits", op_id: str, label: str, patches: Mapping[QueryKey, Patch]) -> None:
        self._edits = edits
        self.op_id = op_id
        self.label = label
        self.patches = dict(patches)
        self.state: Literal["pending", "acknowledged", "refused"] = "pending"

    @property
    def failed(self) -> dict[QueryKey, Exception]:
        """The entries on whose newest data it could not be replayed, each with what its patch raised."""
        return self._edits.failures(self)

    def acknowledge(self, stored: Mapping[QueryKey, Patch] | None = None) -> None:
        """Put what was stored in the place of the edit, key by key; no fetch is needed where it says so.

        Where `stored` has no patch, or it raises, the edit's own rows stay, stale, until they are fetched.
        """
        self._edits.acknowledge(self, stored or {})

    def refuse(self, reason: str) -> None:
        """Take the edit back, and no other; its entries are stale, for the write may have been half known."""
        self._edits.refuse(self, reason)

    def __repr__(self) -> str:
        return f"<Edit {self.op_id} {self.label!r} {self.state}>"


class Edits:
    """Makes and settles the edits of a store."""

    def __init__(self, store: Store, fetches: Fetches) -> None:
        self._store = store
        self._fetches = fetches
        self._numbers = count(1)

    def begin(
        self, patches: Mapping[QueryKey, Patch], label: str, also: Callable[[Edit], None] | None = None
    ) -> Edit:
        """Show an edit in all its entries and call `also`, at one moment; nothing, if a patch raises."""
        edit = Edit(self, f"edit-{next(self._numbers)}", label, patches)

        def apply(entry: Entry, log: Log) -> Log:
            return log.edited(Operation(edit.op_id, label, edit.patches[entry.key]))

        def install(entries: list[Entry], effects: Effects) -> None:
            shown.extend(entries)
            if also is not None:
                also(edit)
            for entry in entries:
                self._store.note("edit", entry.key, label)
                self._store.tell(entry, effects)

        shown: list[Entry] = []
        keys = [as_key(key) for key in edit.patches]
        try:
            self._store.swap(lambda: [self._store.entry(key) for key in keys], apply, install)
        except BaseException as error:
            if shown:  # an observer was interrupted: the caller gets no edit that could be settled
                edit.refuse(first_line(error))
            raise
        return edit

    def acknowledge(self, edit: Edit, stored: Mapping[QueryKey, Patch]) -> None:
        """See Edit.acknowledge."""
        self._settle(edit, "acknowledged")
        unknown: dict[QueryKey, str] = {}  # what was stored there, and why that is not known

        def apply(entry: Entry, log: Log) -> Log:
            unknown.pop(entry.key, None)
            patch = stored.get(entry.key)
            if patch is None:
                unknown[entry.key] = f"{edit.label}: stored, rows not told"
            running = entry.fetch is not None and entry.fetch.state == "running"
            made, error = log.acknowledged(edit.op_id, patch or edit.patches[entry.key], fetching=running)
            if error is not None:
                unknown[entry.key] = f"{edit.label}: stored, rows do not fit: {first_line(error)}"
            return made

        def install(entries: list[Entry], effects: Effects) -> None:
            for entry in entries:
                self._store.note("acknowledge", entry.key, edit.label)
                if entry.key in unknown:
                    self._fetches.outdate(entry, unknown[entry.key], effects)
                else:
                    entry.epoch += 1  # a fetch that began before is older than these rows
                    self._store.tell(entry, effects)

        self._store.swap(lambda: self._found({**edit.patches, **stored}), apply, install)

    def refuse(self, edit: Edit, reason: str) -> None:
        """See Edit.refuse."""
        self._settle(edit, "refused")

        def install(entries: list[Entry], effects: Effects) -> None:
            for entry in entries:
                self._store.note("refuse", entry.key, f"{edit.label}: {reason}")
                self._fetches.outdate(entry, f"{edit.label} refused", effects)

        self._store.swap(lambda: self._found(edit.patches), lambda _, log: log.refused(edit.op_id), install)

    def failures(self, edit: Edit) -> dict[QueryKey, Exception]:
        """See Edit.failed."""
        with self._store.changing():
            logs = [(entry.key, entry.log) for entry in self._found(edit.patches)]
        return {key: log.failed[edit.op_id] for key, log in logs if edit.op_id in log.failed}

    def _found(self, patches: Mapping[QueryKey, Patch]) -> list[Entry]:
        entries = [entry for key in patches if (entry := self._store.find(key)) is not None]
        for entry in entries:
            self._store.use(entry, entry.preset)
        return entries

    def _settle(self, edit: Edit, state: Literal["acknowledged", "refused"]) -> None:
        with self._store.changing():
            if edit.state != "pending":
                raise EditSettledError(f"{edit.label!r} was {edit.state} already.")
            edit.state = state
