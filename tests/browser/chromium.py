"""The Chromium of the browser tests: the system's, else the one that Playwright downloads."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

__all__ = ["MISSING", "download", "found", "launch"]

# Nothing but the server of the tests is there, so a request that leaves this machine cannot succeed either.
_FLAGS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    "The tests of the widgets need Chromium: on Debian `apt-get install chromium`, elsewhere "
    f"`{sys.executable} -m playwright install chromium`, or name one by SHOTKIT_TEST_CHROMIUM. "
    "`pytest --ignore tests/browser` runs the others."
)


def found() -> str | None:
    """Return the path of a Chromium, None where there is none."""
    if named := os.environ.get("SHOTKIT_TEST_CHROMIUM"):
        return named
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def download() -> bool:
    """Let Playwright download its own Chromium; return whether there is one now."""
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return found() is not None


def launch(playwright: Playwright, path: str) -> Browser:
    """Start it without a window."""
    return playwright.chromium.launch(executable_path=path, args=_FLAGS)
