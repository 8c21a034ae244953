"""One shot in the hand: its images at once, its links when they are needed, both merged."""

from functools import partial
from html import escape
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from shotkit import load
from shotkit.errors import ShotkitError
from shotkit.model import pair_prompts
from shotkit.model.checks import checked
from shotkit.model.tables import GENERATIONS, PAIR_PROMPTS, TIMELINE, frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotkit.engine import Database
    from shotkit.load.phases import Reader
    from shotkit.storage import Store

__all__ = ["Shot"]


class Shot:
    """A shot, by `kit.shot(id_or_name)`.

    It keeps what it has read until `refresh()`; changing a frame it returned changes nothing here.
    """

    def __init__(self, database: "Database", store: "Store", id: str, name: str, project_id: str) -> None:  # noqa: A002  the row's columns
        self.id = id
        self.name = name
        self.project_id = project_id
        self.store = store
        self._database = database
        self.refresh()

    def refresh(self) -> None:
        """Forget what was read; the next call reads again."""
        self._images: pa.Table | None = None
        self._links: pa.Table | None = None
        self._merged: load.Merged | None = None
        self._failure: ShotkitError | None = None

    def images(self) -> pd.DataFrame:
        """Return phase 1, the display rows out of shot_data, one a frame; no links, no params."""
        return frame(self._read_images(self._database))

    def links(self) -> pd.DataFrame:
        """Return phase 2, the links as stored: their ids, frames, metadata (JSON text), updated_at."""
        return frame(self._read_links(self._database))

    def generations(self) -> pd.DataFrame:
        """Return both phases merged: one row a link. `attrs["drift"]` counts the disagreements by verdict."""
        rows = checked(frame(self._read_both().rows), GENERATIONS, "generations()")
        rows.attrs["drift"] = self._drift_counts()
        return rows

    def drift(self) -> pd.DataFrame:
        """Return where shot_data (`stored`) disagreed with the links (`expected`) as they were read."""
        return frame(self._read_both().drift)

    def timeline(self) -> pd.DataFrame:
        """Return the images at a frame >= 0, in order, checked: ids unique, frames and metadata present."""
        return checked(frame(load.on_timeline(self._read_both().rows)), TIMELINE, "timeline()")

    def unpositioned(self) -> pd.DataFrame:
        """Return the images that are in the shot and off the timeline."""
        return frame(load.unpositioned(self._read_both().rows))

    def videos(self) -> pd.DataFrame:
        """Return the videos of the shot."""
        return frame(load.videos(self._read_both().rows))

    def pair_prompts(self) -> pd.DataFrame:
        """Return the prompts between neighbours of the timeline: `pair` is the place of the first in it."""
        rows = load.on_timeline(self._read_both().rows).select(["id", "timeline_frame", "metadata"])
        records = rows.to_pylist()
        metadata = load.parsed([record["metadata"] for record in records])
        prompts = pair_prompts(
            {**record, "metadata": parsed} for record, parsed in zip(records, metadata, strict=True)
        )
        pairs = [{"pair": int(key), "id": records[int(key)]["id"], **pair} for key, pair in prompts.items()]
        return frame(pa.Table.from_pylist(pairs, schema=PAIR_PROMPTS))

    def __repr__(self) -> str:
        return f"<Shot {self.name!r}: {', '.join(self._known())}>"

    def _repr_html_(self) -> str:
        known = "".join(f"<li>{escape(fact)}</li>" for fact in (f"id {self.id}", *self._known()))
        return f"<b>{escape(self.name)}</b><ul>{known}</ul>"

    def _read_images(self, reader: "Reader") -> pa.Table:
        if self._images is None:
            self._images = load.load_images(reader, self.id)
        return self._images

    def _read_links(self, reader: "Reader") -> pa.Table:
        if self._links is None:
            self._links = self._phase_two(partial(load.load_links, reader, self.id))
        return self._links

    def _read_both(self) -> load.Merged:
        if self._merged is None:
            # One snapshot for both: what another session writes in between is no drift.
            with self._database.transaction(read_only=True, repeatable=True) as snapshot:
                images, links = self._read_images(snapshot), self._read_links(snapshot)
                lacking = load.unseen(images, links)
                fetched = self._phase_two(partial(load.load_shown, snapshot, lacking))
            self._merged = load.merge(images, links, fetched)
        return self._merged

    def _phase_two(self, read: "Callable[[], pa.Table]") -> pa.Table:
        self._failure = None
        try:
            return read()
        except ShotkitError as error:
            self._failure = type(error)(
                f"The links of shot {self.name!r} could not be read; images() still works. {error}"
            )
            raise self._failure from error

    def _known(self) -> list[str]:
        facts = ["not read yet" if self._images is None else f"{len(self._images)} images"]
        if self._failure is not None:
            facts.append(f"links unreadable ({type(self._failure).__name__})")
        elif self._links is not None:
            facts.append(f"{len(self._links)} links")
        if self._merged is not None:
            counts = ", ".join(f"{count} {verdict}" for verdict, count in self._drift_counts().items())
            facts.append(f"drift: {counts}" if counts else "no drift")
        return facts

    def _drift_counts(self) -> dict[str, int]:
        counts = pc.value_counts(self._read_both().drift["verdict"]).to_pylist()
        return {
            count["values"]: count["counts"] for count in sorted(counts, key=lambda count: count["values"])
        }
