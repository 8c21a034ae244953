"""A gallery of thousands of images: filters, a selection that Python can read, and a way into a shot."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from shotkit.errors import InvalidChangeError, NotFoundError, ShotkitError
from shotkit.widgets.base import Ends, View
from shotkit.widgets.details import details_of, pictured
from shotkit.widgets.files import script, style
from shotkit.widgets.gallery_selection import Mode, Selection
from shotkit.widgets.gallery_source import Rows, Target, source_of
from shotkit.widgets.messages import error_record, records
from shotkit.widgets.pictures import pictures_of
from shotkit.widgets.requests import answer
from shotkit.widgets.sheet import MOST_TILES, Tile, with_sheet

if TYPE_CHECKING:
    import pandas as pd

    from shotkit.query import QueryResult

__all__ = ["Gallery"]

MOST_ITEMS = 200  # in one answer
MOST_ADDED = 500  # by one press: each is a change of its own
KEPT_LISTS = 5  # the last ones, by which a page selects before it has seen the one of today
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


class Gallery(View):
    """The generations of a kit, of one `project` of it, or of a shot's project, newest first.

    It follows what changes, by whomever, while it is shown. `selected` are the ids of the selected
    generations; setting it selects them on the page.
    """

    _esm = script("gallery")
    _css = style("page", "lightbox", "gallery")

    def __init__(self, kit_or_shot: object, project: object = None, **unknown: object) -> None:
        self._source = source_of(kit_or_shot, project)
        self._filters: dict[str, Any] = {}
        self._selection = Selection()
        self._listing = self._source.listing({})
        self._listing.refresh()  # what another gallery read may be older than this cell
        self._version, self._rows = 0, self._listing.rows()
        self._lists: dict[int, list[str]] = {0: self._rows["generation_id"].tolist()}
        shots, projects = self._source.shots(), self._source.projects()
        super().__init__(state={}, pictures=pictures_of(kit_or_shot), unknown=unknown)
        self._show(shots=shots, projects=projects)

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
        project: str | None = None,
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
            "project": project,
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
        self._list({name: value for name, value in given.items() if value})

    @answer
    def refresh(self) -> None:
        """Read again what is listed."""
        self._listing.refresh()
        projects = self._source.projects()
        self._take(self._listing.rows(), self._source.shots())
        self._show(projects=projects)

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
            "items": [pictured(self, row) for row in records(rows, _COLUMNS)],
        }

    @answer
    def select(self, *, version: int, mode: Mode, start: int = 0, stop: int = 0) -> None:
        """Select by the places start .. stop - 1 of the list that the page saw."""
        if (seen := self._lists.get(version)) is None:
            raise InvalidChangeError("The list is another by now; select again in the new one.")
        self._selection.put(mode, seen[max(start, 0) : max(stop, 0)])
        self._show()

    @answer
    def places(self, *, version: int, of: int, places: list[int]) -> dict[str, Any]:
        """Return where the images of these places of list `of` stand in list `version`, None if gone."""
        seen, today = self._lists.get(of, []), self._lists.get(version, [])
        ids = [seen[place] if 0 <= place < len(seen) else None for place in places]
        stand: dict[str | None, int] = {id_: place for place, id_ in enumerate(today) if id_ in ids}
        return {"places": [stand.get(id_) for id_ in ids]}

    @answer
    def details(self, *, generation_id: str) -> dict[str, Any]:
        """Return what is known of a generation, its lineage and its variants."""
        return details_of(self, self._source.generation(generation_id))

    @answer
    def add(self, *, shot_id: str, positioned: bool = True) -> dict[str, Any]:
        """Put what is selected into a shot, one after the other; what was refused stays selected."""
        wanted = self._selection.ids
        if not 0 < len(wanted) <= MOST_ADDED:
            raise InvalidChangeError(f"Select 1 to {MOST_ADDED} images to add; {len(wanted)} are selected.")
        added, refused = _added(self._source.shot(shot_id), wanted, positioned=positioned)
        self.last_error = refused or self.last_error
        self._selection.put("remove", added)
        if self._filters.keys() & {"shot", "unpositioned", "in_no_shot"}:
            self.refresh()
        else:
            self._show()
        return {"added": len(added), "of": len(wanted), "refused": refused and error_record(refused)}

    def _observe(self) -> Iterable[Ends]:
        return (self._listing.observe(self._changed),)

    def _changed(self, result: "QueryResult") -> None:
        if result.error is not None:
            self.state = self.state | {"error": error_record(result.error)}
        elif result.data is not None and not (result.is_fetching or result.is_stale):
            listing = self._listing
            try:
                self._take(listing.rows(), self._source.shots(), of=listing)
            except ShotkitError as error:
                self.state = self.state | {"error": error_record(error)}

    def _list(self, filters: dict[str, Any]) -> None:
        """Show another listing, and follow that one from now on."""
        listing = self._source.listing(filters)
        listing.refresh()
        rows = listing.rows()
        before, self._observers = self._observers, ()
        with self._lock:
            self._listing, self._filters = listing, filters
            self._put(rows)
        self.wake()
        for observer in before:
            observer.unsubscribe()
        self._show(error=None)

    def _take(self, rows: "pd.DataFrame", shots: list[dict[str, Any]], of: Rows | None = None) -> None:
        """Show rows that were read again, unless another listing is shown by now."""
        deleted = self._deleted(rows)
        with self._lock:
            if of is not None and of is not self._listing:
                return
            self._selection.put("remove", deleted)
            if not rows[[*_COLUMNS]].equals(self._rows[[*_COLUMNS]]):
                self._put(rows)
            self._show(shots=shots, error=None)

    def _deleted(self, rows: "pd.DataFrame") -> set[str]:
        """Return which of the selected are no more; those that filters leave out are asked for."""
        unlisted = {*self._selection.ids}.difference(rows["generation_id"])
        return unlisted - self._listing.existing(unlisted) if unlisted else unlisted

    def _put(self, rows: "pd.DataFrame") -> None:
        self._version, self._rows = self._version + 1, rows
        self._lists[self._version] = rows["generation_id"].tolist()
        self._lists.pop(self._version - KEPT_LISTS, None)

    @property
    def _ids(self) -> Sequence[str]:
        return self._lists[self._version]

    def _show(self, **more: Any) -> None:
        with self._lock:
            self.state = self.state | {
                "version": self._version,
                "total": len(self._ids),
                "filters": self._filters,
                "ranges": self._selection.ranges(self._ids),
                "selected": len(self._selection),
                **more,
            }

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
