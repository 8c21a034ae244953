"""Takes a stored change back, by what it remembers."""

import json
from typing import TYPE_CHECKING, Any

from shotkit.errors import ConfigurationError
from shotkit.mutate.apply import apply
from shotkit.mutate.attempts import DEADLINE
from shotkit.mutate.restore import Restore
from shotkit.mutate.restore_shots import restore_shot
from shotkit.mutate.restore_upload import restore_upload
from shotkit.mutate.restore_variants import RestoreVariant
from shotkit.mutate.variants import apply_to_variants

if TYPE_CHECKING:
    from shotkit.engine import Database
    from shotkit.mutate.change import Change

__all__ = ["take_back"]


def take_back(  # noqa: PLR0913  each is a keyword that a caller may leave out
    database: "Database",
    undo: str,
    undoes: str,
    *,
    op_id: str | None = None,
    dry_run: bool = False,
    deadline: float = DEADLINE,
) -> "Change":
    """Set back what a change, whose op id is `undoes` and whose `Change.undo` is `undo`, has changed.

    All of it or nothing: StaleShotError or StaleVariantsError where what it left is no longer there. What
    comes back can be taken back as well, which is a redo.
    """
    remembered = json.loads(undo)
    given: dict[str, Any] = {"op_id": op_id, "dry_run": dry_run, "deadline": deadline}
    if remembered["of"] == "shot":
        return apply(database, remembered["shot_id"], Restore(undoes, remembered), **given)
    if remembered["of"] == "variants":
        return apply_to_variants(
            database, remembered["generation_id"], RestoreVariant(undoes, remembered), **given
        )
    if remembered["of"] == "new shot":
        return restore_shot(database, remembered, undoes, **given)
    if remembered["of"] == "upload":
        return restore_upload(database, remembered, undoes, **given)
    raise ConfigurationError(f"Changes of {remembered['of']!r} are not known here; upgrade shotkit.")
