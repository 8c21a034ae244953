"""What a page is told of one image: how it is pictured, what is known of it, its lineage and variants."""

from typing import TYPE_CHECKING, Any, Protocol

from shotkit.model import url_identity
from shotkit.widgets.base import View
from shotkit.widgets.messages import records, wire
from shotkit.widgets.variants import variant_records

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Described", "details_of", "pictured"]

_LINEAGE = ("generation_id", "relation", "depth", "name", "type", "is_video", "location", "thumbnail_url")
_DETAILS = ("name", "type", "created_at", "starred", "prompt", "seed")


class Described(Protocol):
    """What is needed of a Generation."""

    def details(self) -> dict[str, Any]:
        """Return what is shown of it, with prompt and seed."""

    def lineage(self) -> "pd.DataFrame":
        """Return what it was made from and what was made from it."""

    def variants(self) -> "pd.DataFrame":
        """Return its variants."""


def details_of(view: View, generation: Described) -> dict[str, Any]:
    """Return what is known of a generation, its lineage and its variants, without an address with a token."""
    found = generation.details()
    return {
        "details": {name: wire(found.get(name)) for name in _DETAILS}
        | {"address": url_identity(found.get("location"))},
        "lineage": [pictured(view, row) for row in records(generation.lineage(), _LINEAGE)],
        "variants": variant_records(view, generation.variants()),
    }


def pictured(view: View, row: dict[str, Any]) -> dict[str, Any]:
    """Return a record with the key of its picture in place of its addresses."""
    location, thumbnail_url = row.pop("location"), row.pop("thumbnail_url")
    return row | {"picture": view.picture_key(location, thumbnail_url, video=row["is_video"])}
