"""Query keys: tuples that say what is asked for, matched by prefix."""

from collections.abc import Hashable

__all__ = ["QueryKey", "as_key", "as_prefix", "matches"]

QueryKey = tuple[Hashable, ...]


def matches(prefix: QueryKey, key: QueryKey) -> bool:
    """Say whether `key` begins with `prefix`, part by part; the empty prefix matches every key."""
    return key[: len(prefix)] == prefix


def as_key(key: QueryKey) -> QueryKey:
    """Return `key` if it can name an entry; raise TypeError or ValueError if not."""
    if not as_prefix(key):
        raise ValueError('A query key needs at least one part, such as ("shots", project_id); found ().')
    return key


def as_prefix(prefix: QueryKey) -> QueryKey:
    """Return `prefix` if keys can begin with it; raise TypeError if not."""
    if not isinstance(prefix, tuple):
        raise TypeError(f'A query key is a tuple, such as ("shots", project_id); found {prefix!r}.')
    hash(prefix)
    return prefix
