"""What the query client raises on purpose; wrong arguments are plain TypeError and ValueError.

QueryError
├── ClientClosedError      the client was closed
├── FetchCancelledError    the fetch was cancelled while somebody waited for it
├── SelfWaitError          a fetch or a write would wait for itself
└── EditSettledError       the edit was acknowledged or refused before
"""

__all__ = ["ClientClosedError", "EditSettledError", "FetchCancelledError", "QueryError", "SelfWaitError"]


class QueryError(Exception):
    """The query client could not do what was asked."""


class ClientClosedError(QueryError):
    """The client is closed; make a new QueryClient."""

    def __init__(self) -> None:
        super().__init__("The query client is closed; make a new QueryClient.")


class FetchCancelledError(QueryError):
    """The fetch was cancelled; its result never lands. Ask again when the rows are wanted."""


class SelfWaitError(QueryError):
    """A fetch or write asked for what it is itself about to deliver, and would wait for ever."""


class EditSettledError(QueryError):
    """An edit is acknowledged or refused once; this one was already."""
