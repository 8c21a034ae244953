"""How long a view lives: until its cell runs again, or for as long as somebody holds it."""

import weakref
from typing import TYPE_CHECKING, Any, Protocol

from ipywidgets.widgets import widget as registry

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["cell_and_run", "hold"]


class Held(Protocol):
    """A view, as far as its lifetime goes."""

    comm: Any
    model_id: str

    def rest(self) -> None:
        """Stop watching until it is shown or asked again."""


_held: "dict[str, tuple[str, list[Held]]]" = {}


def hold(view: Held) -> None:
    """Keep a view until its cell runs again; then it rests, and is gone unless it is held elsewhere.

    ipywidgets keeps every widget for ever, as a page may show it; a cell that runs again shows it no more.
    Where there are no cells, that is left as it is.
    """
    if (place := cell_and_run()) is None:
        return
    cell, run = place
    _loosen(view)
    before, views = _held.get(cell, (run, []))
    if before != run:
        _held[cell] = (run, [])
        for old in views:
            old.rest()
    _held.setdefault(cell, (run, []))[1].append(view)


def cell_and_run() -> tuple[str, str] | None:
    """Return the ids of the cell that runs and of this run of it, None outside of a notebook."""
    from IPython.core.getipython import get_ipython  # noqa: PLC0415  heavy, and there already where it matters

    parent: dict[str, Any] = getattr(get_ipython(), "get_parent", dict)()
    cell = parent.get("metadata", {}).get("cellId")
    run = parent.get("header", {}).get("msg_id")
    return (str(cell), str(run)) if cell and run else None


def _loosen(view: Held) -> None:
    instances, key = registry._instances, view.model_id  # noqa: SLF001  ipywidgets has no other way
    # It stays listed, so that a page that is loaded again finds it; the list does not keep it.
    instances[key] = weakref.proxy(view, lambda _: instances.pop(key, None))
    view.comm.on_msg(_weak(view))


def _weak(view: Any) -> "Callable[[Any], None]":
    found = weakref.WeakMethod(view._handle_msg)  # noqa: SLF001  what ipywidgets itself hands to the comm

    def tell(message: Any) -> None:
        if (handle := found()) is not None:
            handle(message)

    return tell
