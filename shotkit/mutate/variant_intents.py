"""The changes of a generation's variants, as values: each is checked on the variants it is shown."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from shotkit.errors import InvalidChangeError
from shotkit.given import as_flag, as_id, as_text, plain

__all__ = ["AddVariant", "DeleteVariant", "MakePrimary", "StarVariant", "VariantIntent", "ViewVariant"]

_ELLIPSIS = r"\u2026"  # as JSON has it: where an address was cut
#: The variants of a generation by id, each a row of VARIANTS.
Variants = Mapping[str, Mapping[str, Any]]
Outcome = dict[str, dict[str, Any]]


class VariantIntent(ABC):
    """A change that somebody wants of one generation's variants."""

    statement: ClassVar[str]  # below sql/mutate/

    @property
    @abstractmethod
    def code(self) -> str:
        """The Python line that repeats it."""

    @abstractmethod
    def parameters(self, variants: Variants) -> dict[str, Any]:
        """Return the statement's parameters; raise InvalidChangeError where it breaks a rule."""

    def fitted(self, variants: Variants) -> "VariantIntent":  # noqa: ARG002  most are the same on all variants
        """Return what it is on these variants."""
        return self

    def steps(self, parameters: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
        """Return the statements below sql/mutate/ with their parameters, in order."""
        return [(self.statement, parameters)]

    def check(self, variants: Variants, row: str | None) -> None:  # noqa: B027  only an undo expects any
        """Refuse where the whole row that would be deleted is not what was expected."""

    @property
    def left(self) -> Mapping[str, bool] | None:
        """Which variants must be there afterwards, and whether primary; None where that is the server's."""
        return None

    @property
    @abstractmethod
    def asked(self) -> dict[str, Any]:
        """What must be stored of the variant afterwards: values by column, `viewed`, or nothing at all."""

    def outcome(self, variants: Variants, about: Mapping[str, Any]) -> Outcome:
        """Return the variants as they would be; `about` has id, generation_id and project_id of the one."""
        return _rows(variants) | {about["id"]: {**variants[about["id"]], **self.asked}}


@dataclass(frozen=True)
class MakePrimary(VariantIntent):
    """Make a variant the primary one, which the generation shows."""

    statement = "make_primary"
    variant_id: str

    @property
    def code(self) -> str:
        """The line."""
        return f"gen.make_primary({plain(self.variant_id)!r})"

    def parameters(self, variants: Variants) -> dict[str, Any]:
        """Return the id."""
        return {"variant_id": _known(variants, self.variant_id)}

    @property
    def asked(self) -> dict[str, Any]:
        """That it is primary."""
        return {"is_primary": True}

    def outcome(self, variants: Variants, about: Mapping[str, Any]) -> Outcome:
        """Return them with this one primary alone."""
        return _with_primary(variants, about["id"])


@dataclass(frozen=True)
class AddVariant(VariantIntent):
    """Add a variant; the first one, or with `is_primary`, becomes the one that the generation shows."""

    statement = "add_variant"
    location: str
    thumbnail_url: str | None = None
    params: Mapping[str, Any] | None = None
    variant_type: str | None = None
    name: str | None = None
    is_primary: bool = False

    def __post_init__(self) -> None:
        as_flag(self.is_primary, "is_primary")

    @property
    def code(self) -> str:
        """The line, without what was not given."""
        given = {key: value for key, value in vars(self).items() if key != "location"}
        rest = "".join(
            f", {key}={plain(value)!r}"
            for key, value in given.items()
            if value is not None and value is not False
        )
        return f"gen.add_variant({self.location!r}{rest})"

    def fitted(self, variants: Variants) -> "AddVariant":
        """Return it as primary where it is the first."""
        return self if variants else replace(self, is_primary=True)

    def parameters(self, variants: Variants) -> dict[str, Any]:  # noqa: ARG002  a new one needs no other
        """Return its columns."""
        if not self.location:
            raise InvalidChangeError("A variant needs a location; give the address of its picture or film.")
        texts = {name: getattr(self, name) for name in ("location", "thumbnail_url", "variant_type", "name")}
        for name, text in texts.items():
            as_text(text, name)
        return texts | {"params": _as_json(self.params), "is_primary": bool(self.is_primary)}

    @property
    def asked(self) -> dict[str, Any]:
        """What was given, and that it is primary if it should be."""
        names = ("location", "thumbnail_url", "params", "variant_type", "name")
        given = {name: getattr(self, name) for name in names}
        return given | ({"is_primary": True} if self.is_primary else {})

    def outcome(self, variants: Variants, about: Mapping[str, Any]) -> Outcome:
        """Return them with the new one, primary alone if it should be."""
        shown = {"thumbnail_url": self.thumbnail_url or self.location, "created_at": datetime.now(UTC)}
        new = {"is_primary": False, "starred": False, **self.asked, **shown, **about}
        rows = _rows(variants) | {about["id"]: new}
        return _with_primary(rows, about["id"]) if self.is_primary else rows


@dataclass(frozen=True)
class DeleteVariant(VariantIntent):
    """Delete a variant; if it was the primary one, the newest other takes over.

    The only one goes with `last` alone: it leaves the generation empty, and off every timeline.
    """

    statement = "delete_variant"
    variant_id: str
    last: bool = False

    def __post_init__(self) -> None:
        as_flag(self.last, "last")

    @property
    def code(self) -> str:
        """The line."""
        return f"gen.delete_variant({plain(self.variant_id)!r}{', last=True' if self.last else ''})"

    def parameters(self, variants: Variants) -> dict[str, Any]:
        """Return the id."""
        id_ = _known(variants, self.variant_id)
        if not self.last and len(variants) == 1:
            raise InvalidChangeError(
                "It is the generation's only variant: without it the generation is empty and leaves every "
                "timeline. Add another one first, take the image out of a shot with shot.remove(), or give "
                "last=True."
            )
        return {"variant_id": id_}

    @property
    def asked(self) -> dict[str, Any]:
        """Nothing: it is gone."""
        return {}

    def outcome(self, variants: Variants, about: Mapping[str, Any]) -> Outcome:
        """Return the others; the newest of them is primary if this one was."""
        others = {id_: row for id_, row in variants.items() if id_ != about["id"]}
        if not others or not variants[about["id"]]["is_primary"]:
            return _rows(others)
        return _with_primary(others, max(others, key=lambda id_: (others[id_]["created_at"], id_)))


@dataclass(frozen=True)
class StarVariant(VariantIntent):
    """Set or clear a variant's star."""

    statement = "star_variant"
    variant_id: str
    starred: bool = True

    def __post_init__(self) -> None:
        as_flag(self.starred, "starred")

    @property
    def code(self) -> str:
        """The line."""
        return f"gen.star({plain(self.variant_id)!r}, starred={plain(self.starred)!r})"

    def parameters(self, variants: Variants) -> dict[str, Any]:
        """Return the id and the star."""
        return {"variant_id": _known(variants, self.variant_id), "starred": bool(self.starred)}

    @property
    def asked(self) -> dict[str, Any]:
        """The star."""
        return {"starred": self.starred}


@dataclass(frozen=True)
class ViewVariant(VariantIntent):
    """Note that a variant was viewed; the first time counts."""

    statement = "view_variant"
    variant_id: str

    @property
    def code(self) -> str:
        """The line."""
        return f"gen.viewed({plain(self.variant_id)!r})"

    def parameters(self, variants: Variants) -> dict[str, Any]:
        """Return the id."""
        return {"variant_id": _known(variants, self.variant_id)}

    @property
    def asked(self) -> dict[str, Any]:
        """That it has been viewed."""
        return {"viewed": True}

    def outcome(self, variants: Variants, about: Mapping[str, Any]) -> Outcome:
        """Return them with this one viewed, now if it was not before."""
        row = dict(variants[about["id"]])
        return _rows(variants) | {about["id"]: row | {"viewed_at": row["viewed_at"] or datetime.now(UTC)}}


def _rows(variants: Variants) -> Outcome:
    return {id_: dict(row) for id_, row in variants.items()}


def _with_primary(variants: Variants, primary: str) -> Outcome:
    return {id_: {**row, "is_primary": id_ == primary} for id_, row in variants.items()}


def _known(variants: Variants, id_: object) -> str:
    if (found := as_id(id_)) is None or found not in variants:
        raise InvalidChangeError(
            f"{str(id_)[:80]!r} is no variant of this generation; give an id of its variants()."
        )
    return found


def _as_json(params: Mapping[str, Any] | None) -> str | None:
    if params is None:
        return None
    try:
        text = json.dumps(dict(params), allow_nan=False)
        if _ELLIPSIS in text:
            as_text(json.dumps(dict(params), ensure_ascii=False), "params")
    except (TypeError, ValueError) as error:
        raise InvalidChangeError(f"The params of a variant must be a JSON object: {error}.") from None
    if "\\u0000" in text:
        raise InvalidChangeError("The params of a variant hold a NUL, which no text in PostgreSQL can.")
    return text
