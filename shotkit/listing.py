"""What filters leave of the generations, kept up to date while somebody watches it."""

from functools import partial
from typing import TYPE_CHECKING

from shotkit.load import GalleryFilter, load_gallery
from shotkit.model.tables import frame
from shotkit.session import GALLERIES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

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
        self._read = partial(load_gallery, session.database, wanted, with_prompts=False)

    def rows(self) -> "pd.DataFrame":
        """Return the generations."""
        return frame(self._session.fetch(self._key, self._read))

    def refresh(self) -> None:
        """Forget what was read; the next call reads again."""
        self._session.client.invalidate(self._key, reason="refresh")

    def observe(self, callback: "Callable[[QueryResult], object]") -> "Observer":
        """Call `callback(result)`, on any thread, whenever the rows change; keep what is returned.

        What is changed at a stretch, by whomever, is read once a second at most.
        """
        return self._session.observe_gallery(self._wanted.project_id, self._key, callback, self._read)

    @property
    def _key(self) -> "QueryKey":
        return (*GALLERIES, self._wanted.project_id, self._wanted)

    def __repr__(self) -> str:
        given = vars(self._wanted).items()
        filters = ", ".join(f"{name}={value!r}" for name, value in given if value)
        return f"<Listing of {filters or 'all generations'}>"
