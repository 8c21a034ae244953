"""What was changed, on the user's side: a file that undo, history and replay read."""

from shotkit.journal.entry import Entry, Kind
from shotkit.journal.history import HISTORY, history
from shotkit.journal.journal import Journal
from shotkit.journal.replay import script
from shotkit.journal.unknown import settle_unknown

__all__ = ["HISTORY", "Entry", "Journal", "Kind", "history", "script", "settle_unknown"]
