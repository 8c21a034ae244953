"""Ways that run in processes of their own; each returns how much it made."""

from collections.abc import Callable

__all__ = ["WAYS"]


def _audit(address: str) -> Callable[[], int]:
    from shotkit.audit import run  # noqa: PLC0415  each process imports what its own way needs
    from shotkit.engine import open_database  # noqa: PLC0415

    database = open_database(address)
    return lambda: len(run(database, "0001").findings)


def _snapshot(address: str, folder: str) -> Callable[[], int]:
    from shotkit.engine import open_database  # noqa: PLC0415
    from shotkit.snapshot import take  # noqa: PLC0415

    database = open_database(address)
    return lambda: take(database, folder).bytes


WAYS: dict[str, Callable[..., Callable[[], int]]] = {"audit": _audit, "snapshot": _snapshot}
