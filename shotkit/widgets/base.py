"""What every view shares: state goes to the page, requests come from it, and each gets exactly one reply."""

import difflib
import inspect
import logging
import threading
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol

import anywidget
import traitlets

from shotkit.errors import ConfigurationError, ShotkitError
from shotkit.model import url_identity
from shotkit.widgets import lifetime
from shotkit.widgets.messages import Reply
from shotkit.widgets.requests import answer, reply_to

if TYPE_CHECKING:
    from shotkit.widgets.pictures import Picture, Pictures

__all__ = ["Ends", "View"]

_MOST_PICTURES = 64  # in one reply, of some 10 kB each
_logger = logging.getLogger(__name__)


class Ends(Protocol):
    """What `shot.observe` returns."""

    def unsubscribe(self) -> None:
        """Stop watching."""


class View(anywidget.AnyWidget):
    """A view of a page. Subclasses answer requests by methods marked with `answer`.

    `state` is what a page is shown from; it is saved with a notebook, so it holds no address with a token.
    """

    state = traitlets.Dict().tag(sync=True)

    # By key: location, thumbnail, whether it is a video. A trait, so that it is there before __init__.
    _addresses = traitlets.Dict()

    _observers: Iterable[Ends] = ()
    _keeping = False

    def __init__(
        self, *, state: Mapping[str, Any], pictures: "Pictures | None" = None, unknown: Mapping[str, object]
    ) -> None:
        _refuse(type(self), unknown)
        #: The last error that a page was told of.
        self.last_error: BaseException | None = None
        self._pictures = pictures
        self._lock = threading.RLock()
        self.closed = False
        super().__init__(state=dict(state))
        self.on_msg(self._on_message)
        lifetime.hold(self)

    def wake(self) -> None:
        """Watch what is shown, from now on, unless it is closed or does so already."""
        if not (self._observers or self.closed):
            self._observers = tuple(self._observe())

    def rest(self) -> None:
        """Stop watching until it is shown or asked again."""
        observers, self._observers = self._observers, ()
        for observer in observers:
            observer.unsubscribe()

    def close(self) -> None:
        """Stop watching, and take the view off every page."""
        self.closed = True
        self.rest()
        super().close()

    def tell(self, kind: str, **content: Any) -> None:
        """Send news to every page that shows the view, now."""
        self.send({"type": kind, **content})

    def keep(self, state: Mapping[str, Any]) -> None:
        """Set the state for pages that come later; those that are there were told the difference."""
        with self._lock:
            self._keeping = True
            try:
                self.state = dict(state)
            finally:
                self._keeping = False

    def send_state(self, key: str | Iterable[str] | None = None) -> None:
        """Send the state to the pages, unless it is to be kept for later ones."""
        if not (self._keeping and key == "state"):
            super().send_state(key)

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Take nothing for `state` from a page, whose way is a request."""
        super().set_state({name: value for name, value in sync_data.items() if name != "state"})

    @answer
    def pictures(self, *, keys: list[str], size: str = "thumbnail") -> Reply:
        """Return the pictures of these keys, thumbnails or full; `buffer` is the place of the bytes."""
        told: list[dict[str, Any]] = []
        buffers: list[bytes] = []
        for key in keys[:_MOST_PICTURES]:
            picture = self._picture(key, size)
            told.append({"key": key, **_record(picture)})
            if picture is not None and picture.data:
                told[-1]["buffer"] = len(buffers)
                buffers.append(picture.data)
        return Reply({"pictures": told}, buffers)

    def picture_key(self, location: str | None, thumbnail_url: str | None, *, video: bool = False) -> str:
        """Return the name by which the page asks for a picture: another image is another name."""
        identities = f"{url_identity(thumbnail_url)} {url_identity(location)} {video}"
        key = sha256(identities.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._addresses[key] = (location, thumbnail_url, video)  # with today's token
        return key

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        self.wake()
        return super()._repr_mimebundle_(**kwargs)

    def _observe(self) -> Iterable[Ends]:
        """Begin to watch what is shown; a subclass returns what it must hold on to."""
        return ()

    def _on_message(self, _: object, content: object, __: object) -> None:
        self.wake()
        reply, error = reply_to(self, content)
        if error is not None:
            self.last_error = error
            if not isinstance(error, ShotkitError):
                _logger.error("%r could not answer a request.", self, exc_info=error)
        self.send(reply.content, reply.buffers)
        if error is not None and not isinstance(error, Exception):
            raise error

    def _picture(self, key: str, size: str) -> "Picture | None":
        if self._pictures is None or key not in self._addresses:
            return None
        location, thumbnail_url, video = self._addresses[key]
        find = self._pictures.full if size == "full" else self._pictures.thumbnail
        return find(location, thumbnail_url, video=video)


def _record(picture: "Picture | None") -> dict[str, Any]:
    if picture is None:
        return {"state": "missing", "why": "not shown by this view"}
    told = {"state": picture.state, "mime": picture.mime, "url": picture.url, "why": picture.why}
    return {name: value for name, value in told.items() if value}


def _refuse(cls: type, unknown: Iterable[str]) -> None:
    kinds = inspect.signature(cls).parameters.values()
    known = [kind.name for kind in kinds if kind.kind is not inspect.Parameter.VAR_KEYWORD]
    for name in unknown:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}."
        raise ConfigurationError(f"{cls.__name__} takes no {name!r}; {hint}")
