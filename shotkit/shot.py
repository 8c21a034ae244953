"""One shot in the hand: its images at once, its links when they are needed, both merged."""

from contextlib import AbstractContextManager
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from shotkit import load
from shotkit.edits import Edits
from shotkit.errors import NotFoundError, ShotkitError
from shotkit.generation import Generation
from shotkit.given import as_flag, required_id
from shotkit.listing import Listing
from shotkit.model import pair_prompts
from shotkit.model.checks import stated
from shotkit.model.tables import GENERATIONS, PAIR_PROMPTS, TIMELINE, frame
from shotkit.mutate import Change, duplicate_shot
from shotkit.query import invalidate_shot
from shotkit.session import images_key, links_key, rows_key
from shotkit.writes import write_project

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotkit.query import Observer, QueryResult
    from shotkit.session import Session

__all__ = ["Shot"]

_Data = TypeVar("_Data")


class Shot(Edits):
    """A shot, by `kit.shot(id_or_name)`.

    What was read is kept for 30 s, shared by all handles of the kit, kept up to date by their changes, and
    read again by `refresh()`. What a handle showed is its own: the changes of another one make it stale until
    it shows the shot again. Changing a frame that it returned changes nothing here.
    """

    def __init__(self, session: "Session", id: str, name: str, project_id: str) -> None:  # noqa: A002  the row's columns
        super().__init__(session, id, name)
        self.project_id = project_id
        self.store = session.store

    def refresh(self) -> None:
        """Forget what was read; where links were shown, read again: the next change begins on these."""
        self._failure = None
        invalidate_shot(self._session.client, self.id, reason="refresh", scope="metadata")
        if self._sight.shown is not None:
            self._rows()

    def images(self) -> pd.DataFrame:
        """Return phase 1, the display rows out of shot_data, one a frame; no links, no params."""
        return frame(self._session.images(self.id).rows)

    def links(self) -> pd.DataFrame:
        """Return phase 2, the links as stored: their ids, frames, metadata (JSON text), updated_at."""
        show = self._sight.look()
        links = self._phase_two(partial(self._session.links, self.id))
        show(dict(zip(links["id"].to_pylist(), links["timeline_frame"].to_pylist(), strict=True)))
        return frame(links)

    def generations(self) -> pd.DataFrame:
        """Return both phases merged: one row a link. `attrs["drift"]` counts the disagreements by verdict."""
        merged = self._rows().merged
        rows = stated(merged.rows, GENERATIONS, "generations()")
        rows.attrs["drift"] = _counted(merged.drift)
        return rows

    def drift(self) -> pd.DataFrame:
        """Return where shot_data (`stored`) disagreed with the links (`expected`) as they were read."""
        return frame(self._rows().merged.drift)

    def timeline(self) -> pd.DataFrame:
        """Return the images at a frame >= 0, in order, checked: ids unique, frames and metadata present."""
        return stated(load.on_timeline(self._rows().merged.rows), TIMELINE, "timeline()")

    def unpositioned(self) -> pd.DataFrame:
        """Return the images that are in the shot and off the timeline."""
        return frame(load.unpositioned(self._rows().merged.rows))

    def videos(self) -> pd.DataFrame:
        """Return the videos of the shot."""
        return frame(load.videos(self._rows().merged.rows))

    def pair_prompts(self) -> pd.DataFrame:
        """Return the prompts between neighbours of the timeline: `pair` is the place of the first in it."""
        rows = load.on_timeline(self._rows().merged.rows).select(["id", "timeline_frame", "metadata"])
        records = rows.to_pylist()
        metadata = load.parsed([record["metadata"] for record in records])
        prompts = pair_prompts(
            {**record, "metadata": parsed} for record, parsed in zip(records, metadata, strict=True)
        )
        pairs = [{"pair": int(key), "id": records[int(key)]["id"], **pair} for key, pair in prompts.items()]
        return frame(pa.Table.from_pylist(pairs, schema=PAIR_PROMPTS))

    def generation(self, generation_id: object) -> Generation:
        """Return the generation of this id, whether it is in the shot or not."""
        return Generation(self._session, required_id(generation_id, "generation"))

    def gallery(self, **filters: Any) -> pd.DataFrame:
        """Return the generations of the shot's project, by the filters of `Kit.generations`.

        `shot` is this shot's id, or that of another one.
        """
        return frame(load.load_gallery(self._session.database, self._wanted(**filters), with_prompts=False))

    def listing(self, **filters: Any) -> Listing:
        """Return the same, to be read again and again, and observed."""
        return Listing(self._session, self._wanted(**filters))

    def __repr__(self) -> str:
        return f"<Shot {self.name!r}: {', '.join(self._known())}>"

    def _repr_html_(self) -> str:
        known = "".join(f"<li>{escape(fact)}</li>" for fact in (f"id {self.id}", *self._known()))
        return f"<b>{escape(self.name)}</b><ul>{known}</ul>"

    def duplicate(self, *, dry_run: bool = False) -> Change:
        """Make a shot of the same images at the same frames, prompts and all, behind the project's last one.

        `kit.shot(change.op_id)` is the new shot.
        """
        send = partial(duplicate_shot, self._session.database, self.id)
        if as_flag(dry_run, "dry_run"):
            return send(dry_run=True)
        told = {"label": "duplicate", "code": "shot.duplicate()", "place": self.name, "shot_id": self.id}
        return write_project(self._session, self.project_id, send, **told)

    def xray(self, user_id: object) -> load.XRay:
        """Return what a user sees of the shot, and how many of its rows are hidden from him.

        It is told only to a connection that sees all rows; NotPermittedError otherwise.
        """
        return load.load_xray(self._session.database, self.id, required_id(user_id, "user"))

    def observe(self, callback: "Callable[[QueryResult], object]") -> "Observer":
        """Call `callback(result)`, on any thread, whenever the shot's rows change; keep what is returned.

        `result.data` are the rows in both phases, or phase 1 while `result.is_placeholder`, or None.
        """
        return self._session.observe_rows(self.id, callback)

    def disable_refetch(self) -> AbstractContextManager[None]:
        """Hold the rows still while something is dragged: nothing is read, only changes of this kit show."""
        return self._session.client.disable_refetch(rows_key(self.id), links_key(self.id))

    def _wanted(self, *, shot: object = None, parent: object = None, **filters: Any) -> load.GalleryFilter:
        return load.GalleryFilter(
            project_id=self.project_id,
            shot_id=None if shot is None else required_id(shot, "shot"),
            parent_id=None if parent is None else required_id(parent, "generation"),
            **filters,
        )

    def _phase_two(self, read: "Callable[[], _Data]") -> "_Data":
        self._failure = None
        try:
            return read()
        except NotFoundError:  # and so would images()
            raise
        except ShotkitError as error:
            self._failure = type(error)(
                f"The links of shot {self.name!r} could not be read; images() still works. {error}"
            )
            raise self._failure from error

    def _rows(self) -> load.ShotRows:
        show = self._sight.look()
        rows = self._phase_two(partial(self._session.rows, self.id))
        show(rows.frames)
        return rows

    def _known(self) -> list[str]:
        client = self._session.client
        rows, images, links = (client.get(key(self.id)) for key in (rows_key, images_key, links_key))
        shown = rows.images if rows and rows.images is not None else images and images.rows
        linked = rows.links if rows else links and links.rows
        facts = [] if shown is None else [f"{len(shown)} images"]
        if self._failure is not None:
            facts.append(f"links unreadable ({type(self._failure).__name__})")
        elif linked is not None:
            facts.append(f"{len(linked)} links")
        if rows:
            counts = ", ".join(f"{count} {verdict}" for verdict, count in _counted(rows.merged.drift).items())
            facts.append(f"drift: {counts}" if counts else "no drift")
        return facts or ["not read yet"]


def _counted(drift: pa.Table) -> dict[str, int]:
    if not len(drift):
        return {}
    counts = pc.value_counts(drift["verdict"]).to_pylist()
    return {count["values"]: count["counts"] for count in sorted(counts, key=lambda count: count["values"])}
