"""What filters leave of the generations, kept up to date while somebody watches it."""

import time
from typing import TYPE_CHECKING

from shotkit.given import required_id
from shotkit.load import GalleryFilter, load_gallery, load_shown
from shotkit.model.tables import frame
from shotkit.session import GALLERIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd
    import pyarrow as pa

    from shotkit.query import Observer, QueryKey, QueryResult
    from shotkit.session import Session

__all__ = ["Listing"]


class Listing:
    """The rows of `kit.generations` or `shot.gallery` under some filters, by `kit.listing` or `shot.listing`.

    What was read is kept for 30 s, and up to date while it is observed.
    """

    def __init__(self, session: "Session", wanted: GalleryFilter) -> None:
        self._session = session
        self._wanted = wanted

    def rows(self) -> "pd.DataFrame":
        """Return the generations."""
        return frame(self._session.fetch(self._key, self._read))

    def refresh(self) -> None:
        """Forget what was read; the next call reads again."""
        self._session.client.invalidate(self._key, reason="refresh")

    def existing(self, generation_ids: "Iterable[str]") -> set[str]:
        """Return those of these ids that there are, whether the filters leave them or not."""
        ids = [generation_ids] if isinstance(generation_ids, str) else generation_ids
        found = load_shown(self._session.database, [required_id(each, "generation") for each in ids])
        return set(found["generation_id"].to_pylist())

    def observe(self, callback: "Callable[[QueryResult], object]") -> "Observer":
        """Call `callback(result)`, on any thread, whenever the rows change; keep what is returned.

        A stretch of changes, by whomever, is read at most once a second, and seldomer where reading is slow.
        """
        return self._session.observe_gallery(self._wanted.project_id, self._key, callback, self._read)

    def _read(self) -> "pa.Table":
        began = time.monotonic()
        rows = load_gallery(self._session.database, self._wanted, with_prompts=False)
        self._session.gallery_took = time.monotonic() - began
        return rows

    @property
    def _key(self) -> "QueryKey":
        return (*GALLERIES, self._wanted.project_id, self._wanted)

    def __repr__(self) -> str:
        given = vars(self._wanted).items()
        filters = ", ".join(f"{name}={value!r}" for name, value in given if value)
        return f"<Listing of {filters or 'all generations'}>"
