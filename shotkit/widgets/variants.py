"""The variants of a generation: compare two, make one primary, star, delete."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

from shotkit.errors import ShotkitError
from shotkit.widgets.base import Ends, View
from shotkit.widgets.files import script, style
from shotkit.widgets.messages import error_record, records
from shotkit.widgets.pictures import pictures_of
from shotkit.widgets.requests import answer
from shotkit.widgets.sheet import Tile, with_sheet

if TYPE_CHECKING:
    import pandas as pd

    from shotkit.mutate import Change
    from shotkit.query import QueryResult

__all__ = ["Variants", "variant_records"]

_COLUMNS = (
    "id",
    "name",
    "variant_type",
    "created_at",
    "starred",
    "is_primary",
    "viewed_at",
    "location",
    "thumbnail_url",
    "is_video",
)


class OfOneGeneration(Protocol):
    """What the view needs of a Generation."""

    id: str

    def variants(self) -> "pd.DataFrame":
        """Return the variants, the primary one first."""

    def make_primary(self, variant_id: str) -> "Change":
        """Make a variant the one that the generation shows."""

    def star(self, variant_id: str, *, starred: bool) -> "Change":
        """Set or clear a variant's star."""

    def viewed(self, variant_id: str) -> "Change":
        """Note that a variant was viewed."""

    def delete_variant(self, variant_id: str, *, last: bool = ..., dry_run: bool) -> "Change":
        """Delete a variant."""

    def observe(self, callback: "Callable[[QueryResult], object]") -> Ends:
        """Call back whenever the variants change."""


class Variants(View):
    """All variants of a generation, by `shotkit.widgets.Variants(kit.generation(id))`.

    Two of them can be compared, side by side or by a slider; one press makes one primary, and every view of a
    shot that holds the generation follows. A change shows as pending, saved or refused beside its variant.
    """

    _esm = script("variants")
    _css = style("page", "variants")

    def __init__(self, gen: OfOneGeneration, **unknown: object) -> None:
        self._gen = gen
        self._reading = self._shown = 0
        rows = gen.variants()
        super().__init__(state={}, pictures=pictures_of(gen), unknown=unknown)
        self.state = self._state(rows)

    @answer
    def make_primary(self, *, variant_id: str) -> dict[str, Any]:
        """Let the generation show this variant."""
        return self._done(self._gen.make_primary(variant_id))

    @answer
    def star(self, *, variant_id: str, starred: bool) -> dict[str, Any]:
        """Set or clear its star."""
        return self._done(self._gen.star(variant_id, starred=starred))

    @answer
    def view(self, *, variant_id: str) -> dict[str, Any]:
        """Note that somebody looked at it."""
        return self._done(self._gen.viewed(variant_id))

    @answer
    def delete(self, *, variant_id: str, confirmed: bool = False) -> dict[str, Any]:
        """Delete it; unless that is `confirmed`, say what would be left and which would be primary."""
        # Who confirms was told that nothing would be left.
        last = {"last": True} if len(self.state["variants"]) == 1 else {}
        change = self._gen.delete_variant(variant_id, dry_run=not confirmed, **last)
        if confirmed:
            return self._done(change)
        left = records(change.after, ["id", "is_primary"])
        return {"left": len(left), "primary": next((row["id"] for row in left if row["is_primary"]), None)}

    @answer
    def refresh(self) -> None:
        """Read the variants again."""
        if (forget := getattr(self._gen, "refresh", None)) is not None:
            forget()
        self._show()

    def _done(self, change: "Change") -> dict[str, Any]:
        self._show()
        return {"done": change.code}

    def _observe(self) -> Iterable[Ends]:
        return (self._gen.observe(self._changed),)

    def _changed(self, result: "QueryResult") -> None:
        if result.error is not None:
            self.state = self.state | {"error": error_record(result.error)}
        elif result.data is not None and not result.is_fetching:
            self._show()

    def _show(self) -> None:
        """Read, and show it unless a later reading is shown already."""
        with self._lock:
            self._reading += 1
            reading = self._reading
        try:
            rows = self._gen.variants()
        except ShotkitError as error:
            self.state = self.state | {"error": error_record(error)}
            return
        with self._lock:
            if reading > self._shown:
                self._shown = reading
                self.state = self._state(rows)

    def _state(self, rows: "pd.DataFrame") -> dict[str, Any]:
        return {"generation": self._gen.id, "variants": variant_records(self, rows), "error": None}

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        shown = self.state["variants"]
        tiles = [Tile(self._addresses[row["picture"]], _words(row)) for row in shown]
        return with_sheet(bundle, tiles, self._pictures, title=f"variants of a generation ({len(shown)})")


def variant_records(view: View, rows: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return the variants as a page shows them: by the key of their picture, without an address."""
    return [_shown(view, row) for row in records(rows, _COLUMNS)]


def _shown(view: View, row: dict[str, Any]) -> dict[str, Any]:
    location, thumbnail_url, viewed_at = (
        row.pop(name) for name in ("location", "thumbnail_url", "viewed_at")
    )
    picture = view.picture_key(location, thumbnail_url, video=row["is_video"])
    return row | {"picture": picture, "is_new": viewed_at is None}


def _words(row: dict[str, Any]) -> str:
    name = row["name"] or row["variant_type"] or "variant"
    return f"* {name}" if row["is_primary"] else str(name)
