"""One attempt: a function of the user is called, and whatever it does becomes an outcome."""

import inspect
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from shotkit.query.entry import Fetch
from shotkit.query.errors import FetchCancelledError
from shotkit.query.keys import QueryKey
from shotkit.query.presets import Preset

__all__ = ["Outcome", "Request", "attempt", "fetched", "raise_if_cancelled"]

_running: ContextVar[Fetch | None] = ContextVar("running fetch", default=None)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for: the key, the function that reads it, and under which preset."""

    key: QueryKey
    function: Callable[[], Any]
    preset: Preset
    disable_refetch: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a function returned, or what it raised."""

    value: Any = None
    error: BaseException | None = None


def raise_if_cancelled() -> None:
    """For use inside a fetch function: stop here if the fetch was cancelled meanwhile."""
    fetch = _running.get()
    if fetch is not None and fetch.cancelled:
        raise FetchCancelledError(f"The fetch of {fetch.entry.key!r} was cancelled.")


def fetched(fetch: Fetch, function: Callable[[], Any]) -> Outcome:
    """Run a fetch function; `raise_if_cancelled()` inside it means this fetch."""
    token = _running.set(fetch)
    try:
        return attempt(function)
    finally:
        _running.reset(token)


def attempt(function: Callable[[], Any]) -> Outcome:
    """Call a function; a coroutine in the place of an answer is an error that tells the way out."""
    try:
        value = function()
    except BaseException as error:  # noqa: BLE001 -- the outcome goes to all who wait, an interruption to its thread
        return Outcome(error=error)
    if not inspect.isawaitable(value):
        return Outcome(value)
    if inspect.iscoroutine(value):
        value.close()
    return Outcome(
        error=TypeError(f"{function!r} is no plain function: it answers with something to be awaited.")
    )
