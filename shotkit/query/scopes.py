"""Which keys a change of a shot or of a variant touches: pure, the one module here that knows of shots."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, get_args

from shotkit.query.keys import QueryKey

if TYPE_CHECKING:
    from shotkit.query.client import QueryClient

__all__ = ["Scope", "invalidate_shot", "invalidate_variant", "shot_keys", "variant_keys"]

Scope = Literal["all", "images", "metadata", "counts", "unified"]

_KINDS: dict[str, tuple[QueryKey, ...]] = {
    "images": (("all-shot-generations",),),
    "metadata": (("shot-generations-meta",), ("all-shot-generations",)),
    "counts": (("unpositioned-count",),),
    "unified": (("unified-generations", "shot"),),
}


def shot_keys(
    shot_id: str, scope: Scope = "all", *, include_shots: bool = False, project_id: str | None = None
) -> tuple[QueryKey, ...]:
    """Return the keys that a change of this scope makes stale; `include_shots` adds the project's shots."""
    if scope not in get_args(Scope):
        raise ValueError(f"A scope is one of {', '.join(get_args(Scope))}; found {scope!r}.")
    if include_shots and project_id is None:
        raise ValueError("include_shots needs the project_id whose list of shots it means.")
    scopes = _KINDS if scope == "all" else (scope,)
    keys = dict.fromkeys((*kind, shot_id) for each in scopes for kind in _KINDS[each])
    return (*keys, ("shots", project_id)) if include_shots else tuple(keys)


def variant_keys(
    generation_id: str, shot_ids: Iterable[str], *, project_id: str | None = None
) -> tuple[QueryKey, ...]:
    """Return the keys that a changed variant makes stale: its generation's and those of the shots with it.

    `project_id` adds the gallery of the project.
    """
    gallery: tuple[QueryKey, ...] = (("unified-generations", "project", project_id),) if project_id else ()
    shots = (key for shot_id in shot_ids for key in shot_keys(shot_id))
    return (("generation-variants", generation_id), *dict.fromkeys(shots), *gallery)


def invalidate_shot(  # noqa: PLR0913 -- the seven words of one rule, all but two by keyword
    client: "QueryClient",
    shot_id: str,
    *,
    reason: str,
    scope: Scope = "all",
    include_shots: bool = False,
    project_id: str | None = None,
    delay: float | None = None,
) -> None:
    """Invalidate what a change of the shot touches; calls with a `delay` (seconds) are joined per shot."""
    keys = shot_keys(shot_id, scope, include_shots=include_shots, project_id=project_id)
    client.invalidate(*keys, reason=reason, delay=delay, subject=("shot", shot_id))


def invalidate_variant(  # noqa: PLR0913 -- as above
    client: "QueryClient",
    generation_id: str,
    shot_ids: Iterable[str],
    *,
    reason: str,
    project_id: str | None = None,
    delay: float | None = None,
) -> None:
    """Invalidate a generation's variants and the shots with it; delayed calls are joined per generation."""
    keys = variant_keys(generation_id, shot_ids, project_id=project_id)
    client.invalidate(*keys, reason=reason, delay=delay, subject=("generation", generation_id))
