"""All that a script needs in the browser: the demo, JupyterLab on it, Chromium."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

from tests.browser import chromium
from tests.browser.home import demo_home
from tests.browser.lab import jupyter_lab
from tests.browser.notebook import Notebook, opened, write

__all__ = ["Running", "running"]


class Running(NamedTuple):
    """The home of the demo, and an empty notebook open in a browser."""

    home: Path
    notebook: Notebook


@contextmanager
def running(width: int = 1000, height: int = 1400) -> Iterator[Running]:
    """Start it all, and end it."""
    path = chromium.found()
    if path is None:
        sys.exit(chromium.MISSING)
    with demo_home() as home, jupyter_lab(home) as lab, sync_playwright() as playwright:
        browser = chromium.launch(playwright, path)
        context = browser.new_context(viewport={"width": width, "height": height})
        with opened(context, lab, write(lab, [])) as notebook:
            yield Running(home, notebook)
            notebook.end()
        browser.close()
