"""The images of a shot one by one, large: zoom, what is known of each, its lineage and variants."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

from shotkit.errors import NotFoundError, ShotkitError
from shotkit.widgets.base import Ends, View
from shotkit.widgets.details import Described, details_of, pictured
from shotkit.widgets.files import script, style
from shotkit.widgets.messages import error_record, records
from shotkit.widgets.pictures import pictures_of
from shotkit.widgets.requests import answer
from shotkit.widgets.sheet import Tile, frame_words, with_sheet

if TYPE_CHECKING:
    import pandas as pd

    from shotkit.query import QueryResult

__all__ = ["Lightbox"]

_SHOWN = ("generation_id", "timeline_frame", "name", "is_video", "location", "thumbnail_url")


class OfOneShot(Protocol):
    """What the view needs of a Shot."""

    name: str

    def images(self) -> "pd.DataFrame":
        """Return phase 1, by frame."""

    def generation(self, generation_id: str) -> Described:
        """Return a generation."""

    def observe(self, callback: "Callable[[QueryResult], object]") -> Ends:
        """Call back whenever the rows change."""


class Lightbox(View):
    """The images of a shot in the order of their frames, by `shotkit.widgets.Lightbox(shot)`.

    It needs phase 1 alone. `start` is the generation_id that is shown first.
    """

    _esm = script("lightbox")
    _css = style("page", "lightbox")

    def __init__(self, shot: OfOneShot, start: str | None = None, **unknown: object) -> None:
        self._shot = shot
        rows = shot.images()
        if start is not None and start not in set(rows["generation_id"]):
            raise NotFoundError(f"Generation {start!r} is not in shot {shot.name!r}; see shot.images().")
        super().__init__(state={}, pictures=pictures_of(shot), unknown=unknown)
        self.state = {"shot": shot.name, "start": start, **self._images(rows)}

    @answer
    def details(self, *, generation_id: str) -> dict[str, Any]:
        """Return what is known of a generation, its lineage and its variants."""
        return details_of(self, self._shot.generation(generation_id))

    @answer
    def refresh(self) -> None:
        """Read the images again."""
        if (forget := getattr(self._shot, "refresh", None)) is not None:
            forget()
        self._show()

    def _observe(self) -> Iterable[Ends]:
        return (self._shot.observe(self._changed),)

    def _changed(self, result: "QueryResult") -> None:
        if result.error is not None:
            self.state = self.state | {"error": error_record(result.error)}
        elif result.data is not None and not result.is_fetching:
            self._show()

    def _show(self) -> None:
        try:
            rows = self._shot.images()
        except ShotkitError as error:
            self.state = self.state | {"error": error_record(error)}
            return
        self.state = self.state | self._images(rows)

    def _images(self, rows: "pd.DataFrame") -> dict[str, Any]:
        return {"images": [pictured(self, row) for row in records(rows, _SHOWN)], "error": None}

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        images = self.state["images"]
        tiles = [
            Tile(self._addresses[image["picture"]], frame_words(image["timeline_frame"])) for image in images
        ]
        return with_sheet(bundle, tiles, self._pictures, title=f"{self._shot.name}, {len(images):,} images")
