"""One generation in the hand: its variants, what it was made from, and the changes of its variants."""

from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

from shotkit import load, mutate
from shotkit.errors import InvalidChangeError, NotFoundError
from shotkit.given import as_flag
from shotkit.model.tables import frame
from shotkit.secret import cleaned
from shotkit.sight import Sight
from shotkit.writes import Send, write_variants

if TYPE_CHECKING:
    import pandas as pd

    from shotkit.mutate import Change, VariantIntent
    from shotkit.query import Observer, QueryResult
    from shotkit.session import Session

__all__ = ["Generation"]


class Generation:
    """A generation, by `kit.generation(id)`.

    Every change takes `dry_run`, which writes nothing, and returns a Change whose `before` and `after` are
    the variants. It is refused with StaleVariantsError where the variants are not as this handle showed them
    last; its own changes follow each other. What it makes primary shows at once in every shot of the kit that
    holds the generation.
    """

    def __init__(self, session: "Session", id: str) -> None:  # noqa: A002  the row's column
        self.id = id
        self.store = session.store
        self._session = session
        session.handles.add(self)
        self._sight: Sight[Mapping[str, bool]] = Sight()
        self._label = cleaned(str(self.details()["name"] or self.id))

    def variants(self) -> "pd.DataFrame":
        """Return the variants, the primary one first, then newest first."""
        show = self._sight.look()
        rows = frame(self._session.variants(self.id))
        show(_primaries(rows))
        return rows

    def details(self) -> dict[str, Any]:
        """Return what is shown of it now, with `prompt` and `seed`, which are read out of params."""
        found = load.load_details(self._session.database, self.id)
        if found is None:
            raise NotFoundError(
                f"There is no generation {self.id} that this user may see; see kit.generations()."
            )
        return found

    def lineage(self) -> "pd.DataFrame":
        """Return what it was made from (`depth` below 0), itself, and what was made from it.

        `relation` is to the generation `of_id`: its source or parent, derived from it, or its child.
        """
        return frame(load.load_lineage(self._session.database, self.id))

    def make_primary(self, variant_id: str, *, dry_run: bool = False) -> "Change":
        """Make a variant the one that the generation shows."""
        return self.apply(mutate.MakePrimary(variant_id), dry_run=dry_run)

    def add_variant(  # noqa: PLR0913  the columns of a variant
        self,
        location: str,
        *,
        thumbnail_url: str | None = None,
        params: Mapping[str, Any] | None = None,
        variant_type: str | None = None,
        name: str | None = None,
        is_primary: bool = False,
        dry_run: bool = False,
    ) -> "Change":
        """Add a variant; its id is the `op_id` of the Change. The first one is primary."""
        intent = mutate.AddVariant(location, thumbnail_url, params, variant_type, name, is_primary)
        return self.apply(intent, dry_run=dry_run)

    def delete_variant(self, variant_id: str, *, last: bool = False, dry_run: bool = False) -> "Change":
        """Delete a variant; if it was the primary one, the newest other takes over.

        The only one is refused without `last`: the generation would be empty, and off every timeline.
        """
        return self.apply(mutate.DeleteVariant(variant_id, last), dry_run=dry_run)

    def star(self, variant_id: str, *, starred: bool = True, dry_run: bool = False) -> "Change":
        """Set or clear a variant's star."""
        return self.apply(mutate.StarVariant(variant_id, starred), dry_run=dry_run)

    def viewed(self, variant_id: str, *, dry_run: bool = False) -> "Change":
        """Note that a variant was viewed; the first time counts."""
        return self.apply(mutate.ViewVariant(variant_id), dry_run=dry_run)

    def apply(self, intent: "VariantIntent", *, dry_run: bool = False) -> "Change":
        """Store any intent of shotkit.mutate on variants; the other methods are short for it."""
        dry_run = as_flag(dry_run, "dry_run")
        if not isinstance(intent, mutate.VariantIntent):
            raise InvalidChangeError(
                f"{intent!r:.80} is no change of variants; give one of shotkit.mutate: MakePrimary(id), ..."
            )
        with self._sight.turn:
            seen = self._sight.shown
            send = partial(mutate.apply_to_variants, self._session.database, self.id, intent, seen=seen)
            return send(dry_run=True) if dry_run else self._write(intent, send)

    def follow(self, change: "Change") -> None:
        """Take what an undo of the kit left as seen, if this handle showed what the undo found."""
        self._sight.follow(_primaries(change.before), _primaries(change.after))

    def refresh(self) -> None:
        """Forget what was read; what was shown is read again, and the next change begins on that."""
        self._session.forget_variants(self.id, reason="refresh")
        if self._sight.shown is not None:
            self.variants()

    def observe(self, callback: "Callable[[QueryResult], object]") -> "Observer":
        """Call `callback(result)`, on any thread, whenever the variants change; keep what is returned."""
        return self._session.observe_variants(self.id, callback)

    def _write(self, intent: "VariantIntent", send: Send) -> "Change":
        if isinstance(intent, mutate.ViewVariant):  # nobody wants an undo to take that back
            return write_variants(self._session, self.id, send, is_noted=False, label="viewed")

        def sent(**given: Any) -> "Change":
            change = send(**given)
            self._sight.left(_primaries(change.after))  # before the next change of these variants is sent
            return change

        method = intent.code.partition("(")[0].removeprefix("gen.")
        told: dict[str, Any] = {"label": method, "code": intent.code, "place": self._label}
        return write_variants(self._session, self.id, sent, **told)

    def __repr__(self) -> str:
        return f"<Generation {self._label!r}>"

    def _repr_html_(self) -> str:
        return f"<b>{escape(self._label)}</b><ul><li>id {escape(self.id)}</li></ul>"


def _primaries(variants: "pd.DataFrame") -> dict[str, bool]:
    return dict(zip(variants["id"].to_list(), variants["is_primary"].to_list(), strict=True))
