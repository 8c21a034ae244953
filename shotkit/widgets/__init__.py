"""The widgets of a notebook: the page proposes, Python decides; `pip install 'shotkit[widgets]'`."""

from importlib import import_module
from typing import Any

from shotkit.errors import ConfigurationError

# Loaded on first use: anywidget is an extra. Each name is a class of the module of that name.
__all__ = ["Gallery", "Lightbox", "Timeline", "Variants"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'shotkit.widgets' has no attribute {name!r}")
    try:
        return getattr(import_module(f"shotkit.widgets.{name.lower()}"), name)
    except ModuleNotFoundError as error:
        if error.name not in {"anywidget", "ipywidgets", "traitlets"}:
            raise
        raise ConfigurationError(
            f"shotkit.widgets.{name} needs {error.name}, which is not installed; "
            "run: pip install 'shotkit[widgets]'"
        ) from error
