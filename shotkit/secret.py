"""What must not be written to a file: the query strings of addresses, passwords in them, keys of services."""

import re

__all__ = ["cleaned", "holds_secret", "is_cut"]

# Word by word, each looked at once: params may hold pictures as text, megabytes without a space.
_WORD = re.compile(r"""[^\s"'<>\\]+""")
_QUERY = re.compile(r"[?#]")
_MARKS = ("?", "#", "://")  # one of which stands in whatever is replaced
_KEY = re.compile(
    r'"[^"]{0,80}(api_?key|secret|passw(or)?d|access_?token|authorization)[^"]{0,80}"\s*:', re.IGNORECASE
)


def cleaned(text: str) -> str:
    """Return `text` with the query strings and passwords of its addresses replaced by an ellipsis."""
    if not any(mark in text for mark in _MARKS):
        return text
    return _WORD.sub(lambda word: _without_password(_without_query(word[0])), text)


def holds_secret(text: str) -> bool:
    """Whether a JSON text holds an address with a query string or a password, or a key of some service."""
    return cleaned(text) != text or _KEY.search(text) is not None


def is_cut(text: str) -> bool:
    """Whether `cleaned` cut an address in it, which leads nowhere by that."""
    words = _WORD.findall(text) if "…" in text else []
    return any("://…@" in word or (word.endswith("?…") and "/" in word) for word in words)


def _without_query(word: str) -> str:
    if not (mark := _QUERY.search(word)):
        return word
    place, query = word[: mark.start()], word[mark.end() :]
    is_address = "://" in place or ("/" in place and "=" in query)
    return f"{place}?…" if is_address else word


def _without_password(word: str) -> str:
    scheme, found, rest = word.partition("://")
    user = rest.partition("/")[0].rpartition("@")[0]
    return f"{scheme}://…@{rest[len(user) + 1 :]}" if found and user else word
