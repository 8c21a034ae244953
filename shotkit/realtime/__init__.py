"""Realtime: hears, or finds by asking, what others changed; knows nothing of the cache that it keeps true."""

from shotkit.realtime.changes import Changed
from shotkit.realtime.pace import Pace
from shotkit.realtime.realtime import Realtime
from shotkit.realtime.snapshots import is_older
from shotkit.realtime.watches import Watch

__all__ = ["Changed", "Pace", "Realtime", "Watch", "is_older"]
