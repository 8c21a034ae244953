"""The change that takes a stored change of variants back, as a value; it can be taken back like any other."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shotkit.errors import InvalidChangeError, StaleVariantsError
from shotkit.mutate.restore import undo_code
from shotkit.mutate.variant_intents import (
    DeleteVariant,
    MakePrimary,
    Outcome,
    StarVariant,
    VariantIntent,
    Variants,
)

__all__ = ["RestoreVariant"]

_LISTED = ("id", "generation_id", "location", "variant_type", "name", "is_primary", "project_id")


@dataclass(frozen=True)
class RestoreVariant(VariantIntent):
    """Set a generation's variants back to what they were before a change; `inner` is what does most of it."""

    undoes: str
    remembered: Mapping[str, Any]

    @property
    def inner(self) -> VariantIntent:
        """The change that it comes to."""
        id_, was, left = (self.remembered[name] for name in ("id", "was", "is"))
        if left is None:
            return _PutBack(self.remembered["row"])
        if was is None:
            return DeleteVariant(id_, last=True)
        if self._former != _primary(self.remembered["after"]):
            return MakePrimary(str(self._former))
        if was["starred"] != left["starred"]:
            return StarVariant(id_, was["starred"])
        return _ViewAt(id_, was["viewed_at"])

    @property
    def code(self) -> str:
        """The line."""
        return undo_code(self.undoes)

    @property
    def asked(self) -> dict[str, Any]:
        """What the inner change asks."""
        return self.inner.asked

    @property
    def left(self) -> Mapping[str, bool]:
        """Which variants there were before, and which was primary."""
        return dict(self.remembered["before"])

    def steps(self, parameters: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
        """Return the inner change's; before a primary one goes, the former one takes its place."""
        goes = self.remembered["was"] is None
        if goes and self._former and self._former != _primary(self.remembered["after"]):
            first = ("make_primary", {**parameters, "variant_id": self._former})
            return [first, *self.inner.steps(parameters)]
        return self.inner.steps(parameters)

    def parameters(self, variants: Variants) -> dict[str, Any]:
        """Return the inner change's; the variants must stand as the change left them."""
        found = _flags(variants)
        if found != self.remembered["after"]:
            raise self._stale("there are others, or another one is primary", found)
        now, left = variants.get(self.remembered["id"]), self.remembered["is"]
        if now is not None and now["starred"] != left["starred"]:
            raise self._stale(f"the star of {self.remembered['id']} is another", found)
        if found and self.left and self._former is None:
            raise InvalidChangeError(
                "No variant was primary before; make one primary instead of undoing this."
            )
        return self.inner.parameters(variants)

    def check(self, variants: Variants, row: str | None) -> None:
        """Refuse where the variant that would go is no longer what the change left."""
        if _lasting(row) != _lasting(self.remembered["row"]):
            what = f"variant {self.remembered['id']}, which would go, is another"
            raise self._stale(what, _flags(variants))

    def outcome(self, variants: Variants, about: Mapping[str, Any]) -> Outcome:
        """Return the variants as they would be."""
        after = self.inner.outcome(variants, about)
        return {id_: {**after[id_], "is_primary": is_primary} for id_, is_primary in self.left.items()}

    @property
    def _former(self) -> str | None:
        return _primary(self.left)

    def _stale(self, what: str, found: Mapping[str, bool]) -> StaleVariantsError:
        generation = self.remembered["generation_id"]
        return StaleVariantsError(
            f"The variants of generation {generation} changed since what would be undone: {what}. Nothing "
            "was written; change them by hand, or undo first what came after.",
            seen=self.remembered["after"],
            found=found,
        )


@dataclass(frozen=True)
class _PutBack(VariantIntent):
    """Insert a variant with every column as it was; `row` is its JSON."""

    statement = "put_back_variant"
    row: str

    @property
    def code(self) -> str:
        """None of its own: it is part of an undo."""
        return ""

    def parameters(self, variants: Variants) -> dict[str, Any]:  # noqa: ARG002  the undo has looked at them
        """Return the row."""
        return {"variant_id": json.loads(self.row)["id"], "row": self.row}

    @property
    def asked(self) -> dict[str, Any]:
        """What a list of variants shows of it; the whole row is held against what is stored as well."""
        row = json.loads(self.row)
        return {name: row[name] for name in ("location", "variant_type", "name", "is_primary")}

    def outcome(self, variants: Variants, about: Mapping[str, Any]) -> Outcome:
        """Return them with this one."""
        row = json.loads(self.row)
        viewed = row.get("viewed_at")
        listed = {name: row[name] for name in _LISTED} | {
            "thumbnail_url": row["thumbnail_url"] or row["location"],
            "created_at": datetime.fromisoformat(row["created_at"]),
            "viewed_at": viewed and datetime.fromisoformat(viewed),
            "starred": row.get("starred", False),
        }
        return {**{id_: dict(one) for id_, one in variants.items()}, about["id"]: listed}


@dataclass(frozen=True)
class _ViewAt(VariantIntent):
    """Set when a variant was first viewed, None for never."""

    statement = "view_variant_at"
    variant_id: str
    viewed_at: str | None

    @property
    def code(self) -> str:
        """None of its own: it is part of an undo."""
        return ""

    def parameters(self, variants: Variants) -> dict[str, Any]:  # noqa: ARG002  the undo has looked at them
        """Return the id and the time."""
        return {"variant_id": self.variant_id, "viewed_at": self.viewed_at}

    @property
    def asked(self) -> dict[str, Any]:
        """The time."""
        return {"viewed_at": self.viewed_at and datetime.fromisoformat(self.viewed_at)}


def _flags(variants: Variants) -> dict[str, bool]:
    return {id_: bool(row["is_primary"]) for id_, row in variants.items()}


def _primary(flags: Mapping[str, bool]) -> str | None:
    return next((id_ for id_, is_primary in flags.items() if is_primary), None)


def _lasting(row: str | None) -> dict[str, Any]:
    """Return a whole variant without what looking at it changes."""
    return {key: value for key, value in json.loads(row or "{}").items() if key != "viewed_at"}
