"""Observers: who is told when an entry changes, for as long as somebody holds on to them."""

import inspect
import logging
import threading
import weakref
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shotkit.query.keys import QueryKey
from shotkit.query.presets import Preset
from shotkit.query.results import QueryResult

__all__ = ["Callback", "Observer"]

Callback = Callable[[QueryResult], object]
_logger = logging.getLogger(__name__)


class Observer:
    """Watches one key: `callback` gets the result of today at every change; `result` is always today's.

    The client holds observers weakly: keep one for as long as it is wanted. A bound method is held weakly
    too, so an observer never keeps its widget alive.
    """

    def __init__(
        self,
        key: QueryKey,
        callback: Callback,
        read: Callable[[QueryKey, Preset], QueryResult],
        preset: Preset,
        placeholder: Callable[[], Any] | None,
    ) -> None:
        self.key = key
        self.preset = preset
        self._find: Callable[[], Callback | None] = (
            weakref.WeakMethod(callback) if inspect.ismethod(callback) else lambda: callback
        )
        self._read = read
        self._placeholder = placeholder
        self._lock = threading.Lock()
        self._telling = self._more = False
        self.companion: object = None  # kept for as long as it watches

    @property
    def active(self) -> bool:
        """Whether it still watches: not unsubscribed, and its widget still there."""
        return self._find() is not None

    @property
    def result(self) -> QueryResult:
        """The result of today; while there are no data, the placeholder, which is never stored."""
        result = self._read(self.key, self.preset)
        if result.has_data or self._placeholder is None or (shown := self._placeholder()) is None:
            return result
        return replace(result, data=shown, is_placeholder=True)

    def unsubscribe(self) -> None:
        """Stop watching. It takes no lock, so that a finalizer may call it at any moment."""
        self._find = _nobody
        self.companion = None

    def tell(self) -> None:
        """Call back with the result of today; one call at a time, so that the last has the newest result."""
        with self._lock:
            self._more = True
            if self._telling:
                return
            self._telling = True
        try:
            while self._again():
                self._call()
        except BaseException:
            self._telling = False
            raise

    def _again(self) -> bool:
        with self._lock:
            self._telling, self._more = self._more, False
            return self._telling

    def _call(self) -> None:
        if (callback := self._find()) is None:
            return
        try:
            callback(self.result)
        except Exception:
            # One broken widget must not keep the news from the others, nor fail the write that made them.
            _logger.exception("An observer of %r failed.", self.key)

    def __repr__(self) -> str:
        return f"<Observer of {self.key!r}{'' if self.active else ', ended'}>"


def _nobody() -> None:
    return None
