"""Takes the secrets out of findings: shot_data and names may hold signed addresses too."""

from typing import TYPE_CHECKING

from shotkit.secret import cleaned

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["without_secrets"]


def without_secrets(found: "pa.Table") -> "pa.Table":
    """Return the findings with the query strings and passwords of all addresses replaced by an ellipsis."""
    import pyarrow as pa  # noqa: PLC0415  heavy: not before an audit runs
    import pyarrow.compute as pc  # noqa: PLC0415

    for place, name in enumerate(found.column_names):
        column = found.column(place)
        # What has no such mark is most of it, and is not looked at one by one.
        if pc.any(pc.match_substring_regex(column, "[?#]|://")).as_py():
            texts = [None if text is None else cleaned(text) for text in column.to_pylist()]
            found = found.set_column(place, name, pa.array(texts, pa.string()))
    return found
