"""A gallery of thousands of images: filters, a selection that Python can read, and a way into a shot."""

from collections.abc import Iterable
from typing import Any

from shotkit.errors import InvalidChangeError, NotFoundError
from shotkit.widgets.base import View
from shotkit.widgets.files import script, style
from shotkit.widgets.gallery_selection import Mode, Selection
from shotkit.widgets.gallery_source import Target, source_of
from shotkit.widgets.messages import error_record, records
from shotkit.widgets.pictures import pictures_of
from shotkit.widgets.requests import answer
from shotkit.widgets.sheet import MOST_TILES, Tile, with_sheet

__all__ = ["Gallery"]

MOST_ITEMS = 200  # in one answer
MOST_ADDED = 500  # by one press: each is a change of its own
_COLUMNS = (
    "generation_id",
    "name",
    "type",
    "created_at",
    "starred",
    "is_video",
    "derived_count",
    "unviewed_count",
    "location",
    "thumbnail_url",
)
_OF_SHOTS = ("shot", "unpositioned", "in_no_shot")


class Gallery(View):
    """The generations of a kit, of one `project` of it, or of a shot's project, newest first.

    `selected` are the ids of the selected generations; setting it selects them on the page.
    """

    _esm = script("gallery")
    _css = style("gallery")

    def __init__(self, kit_or_shot: object, project: object = None, **unknown: object) -> None:
        self._source = source_of(kit_or_shot, project)
        self._filters: dict[str, Any] = {}
        self._selection = Selection()
        self._version = 0
        self._rows = self._source.rows({})
        self._ids: list[str] = self._rows["generation_id"].tolist()
        shots = self._source.shots()
        super().__init__(state={}, pictures=pictures_of(kit_or_shot), unknown=unknown)
        self._show(title=self._source.title, shots=shots)

    @property
    def selected(self) -> list[str]:
        """The generation_ids of what is selected, in the order of selecting."""
        return self._selection.ids

    @selected.setter
    def selected(self, generation_ids: Iterable[str]) -> None:
        wanted = [str(id_) for id_ in generation_ids]
        known = {*self._ids, *self._selection.ids}
        if unknown := [id_ for id_ in wanted if id_ not in known]:
            raise NotFoundError(
                f"{len(unknown)} of {len(wanted)} are not listed in this gallery, the first is "
                f"{unknown[0][:80]!r}; give generation_ids that its filters leave."
            )
        self._selection.put("only", wanted)
        self._show()

    @answer
    def filter(  # noqa: PLR0913  one each of Kit.generations
        self,
        *,
        media_type: str | None = None,
        starred: bool = False,
        edits_only: bool = False,
        children: bool = False,
        parent: str | None = None,
        shot: str | None = None,
        unpositioned: bool = False,
        in_no_shot: bool = False,
        prompt: str | None = None,
    ) -> None:
        """List what these filters leave; what is selected stays so."""
        given = {
            "media_type": media_type,
            "starred": starred,
            "edits_only": edits_only,
            "children": children,
            "parent": parent,
            "shot": shot,
            "unpositioned": unpositioned,
            "in_no_shot": in_no_shot,
            "prompt": prompt,
        }
        self._read({name: value for name, value in given.items() if value})

    @answer
    def refresh(self) -> None:
        """Read again what is listed."""
        self._read(self._filters)

    @answer
    def page(self, *, version: int, start: int, count: int) -> dict[str, Any]:
        """Return `count` items from place `start` on; none if another listing is shown by now."""
        if version != self._version:
            return {"version": self._version, "start": start, "items": []}
        start = max(start, 0)
        rows = self._rows.iloc[start : start + min(max(count, 0), MOST_ITEMS)]
        return {
            "version": version,
            "start": start,
            "items": [self._item(row) for row in records(rows, _COLUMNS)],
        }

    @answer
    def select(self, *, version: int, mode: Mode, start: int = 0, stop: int = 0) -> None:
        """Select by the places start .. stop - 1 of the listing that the page saw."""
        if version != self._version:
            raise InvalidChangeError("The list is another by now; select again in the new one.")
        self._selection.put(mode, self._ids[max(start, 0) : max(stop, 0)])
        self._show()

    @answer
    def add(self, *, shot_id: str, positioned: bool = True) -> dict[str, Any]:
        """Put what is selected into a shot, one after the other; what was refused stays selected."""
        wanted = self._selection.ids
        if not 0 < len(wanted) <= MOST_ADDED:
            raise InvalidChangeError(f"Select 1 to {MOST_ADDED} images to add; {len(wanted)} are selected.")
        added, refused = _added(self._source.shot(shot_id), wanted, positioned=positioned)
        self.last_error = refused or self.last_error
        self._selection.put("remove", added)
        if self._filters.keys() & set(_OF_SHOTS):
            self._read(self._filters)
        else:
            self._show()
        return {"added": len(added), "of": len(wanted), "refused": refused and error_record(refused)}

    def _read(self, filters: dict[str, Any]) -> None:
        rows = self._source.rows(filters)
        with self._lock:
            self._rows, self._filters = rows, filters
            self._ids = rows["generation_id"].tolist()
            self._version += 1
        self._show()

    def _show(self, **more: Any) -> None:
        with self._lock:
            ranges = self._selection.ranges(self._ids)
            self.state = self.state | {
                "version": self._version,
                "total": len(self._ids),
                "filters": self._filters,
                "ranges": ranges,
                "selected": len(self._selection),
                **more,
            }

    def _item(self, row: dict[str, Any]) -> dict[str, Any]:
        location, thumbnail_url = row.pop("location"), row.pop("thumbnail_url")
        return row | {"picture": self.picture_key(location, thumbnail_url, video=row["is_video"])}

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        first = records(self._rows.head(MOST_TILES), _COLUMNS)
        tiles = [
            Tile((row["location"], row["thumbnail_url"], row["is_video"]), row["name"] or row["type"])
            for row in first
        ]
        title = f"{self._source.title}, {len(self._ids):,} images"
        return with_sheet(bundle, tiles, self._pictures, title=title)


def _added(
    shot: Target, generation_ids: list[str], *, positioned: bool
) -> tuple[list[str], Exception | None]:
    """Return which were put in, and what refused the next one."""
    added: list[str] = []
    for id_ in generation_ids:
        try:
            # Behind the last, whatever the shot has become: nothing of it needs to have been seen.
            shot.add(id_, positioned=positioned, rebase=True)
        except Exception as error:  # noqa: BLE001  what was put in so far is told, whatever stopped the rest
            return added, error
        added.append(id_)
    return added, None
