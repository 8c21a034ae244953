"""What holds for every test."""

import signal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from xdist.scheduler import LoadScopeScheduling


def pytest_configure() -> None:
    # A run that was started in the background inherits an ignored Ctrl-C, and some tests press it.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "LoadScopeScheduling":
    """Give all tests in the browser to one worker: they share one JupyterLab and one Chromium."""
    from xdist.scheduler import LoadScopeScheduling

    class OneBrowser(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            browser = "tests/browser/"
            return browser if nodeid.startswith(browser) else super()._split_scope(nodeid)

    return OneBrowser(config, log)
