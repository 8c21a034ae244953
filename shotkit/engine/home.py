"""Where shotkit keeps what is its own on this machine."""

import os
from pathlib import Path

__all__ = ["home"]


def home() -> Path:
    """Return SHOTKIT_HOME, or the folder that the system gives each user's programs for their data."""
    if named := os.environ.get("SHOTKIT_HOME"):
        return Path(named).expanduser().absolute()
    import platformdirs  # noqa: PLC0415  not needed where SHOTKIT_HOME is set

    return platformdirs.user_data_path("shotkit", appauthor=False)
