"""A cache with a byte budget: what was used longest ago leaves first. For several threads."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

__all__ = ["BytesCache"]

Value = TypeVar("Value")


class BytesCache(Generic[Value]):
    """Values by key, together not larger than `budget` bytes; one larger than all of it is not kept."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.size = 0
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable) -> Value | None:
        """Return the value, which thereby is the one used last; None if it is not kept."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: Hashable, value: Value, size: int) -> None:
        """Keep a value of `size` bytes in place of the key's old one."""
        with self._lock:
            self.size -= self._kept.pop(key, (None, 0))[1]
            if size > self.budget:
                return
            self._kept[key] = (value, size)
            self.size += size
            while self.size > self.budget:
                self.size -= self._kept.popitem(last=False)[1][1]
