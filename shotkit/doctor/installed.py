"""Which optional packages are installed on this side: engines, and what draws widgets and pictures."""

from importlib.metadata import PackageNotFoundError, version

__all__ = ["installed"]

_OPTIONAL = ("duckdb", "pyspark", "anywidget", "jupyterlab", "matplotlib")


def installed() -> dict[str, str | None]:
    """Return the version of each package, None of one that is not there."""
    return {name: _version(name) for name in _OPTIONAL}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
