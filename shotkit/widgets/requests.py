"""A page's requests and the methods that answer them: each gets exactly one reply, whatever happens."""

import difflib
import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from shotkit.errors import InvalidChangeError
from shotkit.widgets.messages import Reply, error_record, wire

__all__ = ["answer", "reply_to", "request_id"]

_Method = TypeVar("_Method", bound=Callable[..., Any])
_LONGEST_ID = 64  # characters


def answer(method: _Method) -> _Method:
    """Let a view's method answer the requests of its name; a request's `args` are its keyword arguments.

    It returns a mapping, or a Reply that has bytes too, or None; what it raises is told to the page.
    """
    method.__dict__["answers"] = True
    return method


def request_id(content: object) -> str | None:
    """Return the id of a request, None where it has none that a reply could name."""
    found = content.get("id") if isinstance(content, Mapping) else None
    return found if isinstance(found, str) and 0 < len(found) <= _LONGEST_ID else None


def reply_to(view: object, content: object) -> tuple[Reply, BaseException | None]:
    """Let `view` answer a request; return the reply, and the error if that is what it tells."""
    head: dict[str, Any] = {"id": request_id(content)}
    try:
        answered, buffers = _answered(view, content)
    except BaseException as error:  # noqa: BLE001  the page is told of an interrupt too; the caller raises it
        return Reply(head | {"error": error_record(error)}, []), error
    return Reply({**answered, **head, "ok": True}, buffers), None


def _answered(view: object, content: object) -> Reply:
    if request_id(content) is None or not isinstance(content, Mapping):
        raise InvalidChangeError(
            f"A request is {{id, type, args}}, its id a text; found {str(content)[:80]!r}."
        )
    method = _method(view, content.get("type"))
    arguments = content.get("args", {})
    if not isinstance(arguments, Mapping):
        raise InvalidChangeError(f"The args of a request are an object; found {str(arguments)[:80]!r}.")
    try:
        inspect.signature(method).bind(**arguments)
    except TypeError as error:
        raise InvalidChangeError(f"A request {content['type']!r}: {error}.") from error
    given = method(**arguments)
    answered = given if isinstance(given, Reply) else Reply(given or {}, [])
    return Reply(wire(answered.content), answered.buffers)


def _method(view: object, name: object) -> Callable[..., Any]:
    # The class is asked, and nothing is computed: a request must not reach what happens to have the name.
    found = {key: inspect.getattr_static(type(view), key) for key in dir(type(view))}
    known = [key for key, method in found.items() if getattr(method, "answers", False) is True]
    if isinstance(name, str) and name in known:
        method: Callable[..., Any] = getattr(view, name)
        return method
    close = difflib.get_close_matches(str(name)[:80], known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(sorted(known))}."
    raise InvalidChangeError(f"No request is called {str(name)[:80]!r}; {hint}")
