"""What holds for every test."""

import re
import signal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from xdist.scheduler import LoadScopeScheduling

SERVER = re.compile(r"[\[-](pg\d+)[\]-]")


def pytest_configure() -> None:
    # A run that was started in the background inherits an ignored Ctrl-C, and some tests press it.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "LoadScopeScheduling":
    """Give all tests in the browser to one worker, and let a worker change its server as seldom as it can.

    The tests in the browser share one JupyterLab and one Chromium; a server is made anew at each change.
    """
    from xdist.scheduler import LoadScopeScheduling

    class OneBrowserFewServers(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            browser = "tests/browser/"
            scope = browser if nodeid.startswith(browser) else super()._split_scope(nodeid)
            return f"{scope}@{''.join(SERVER.findall(nodeid)[:1])}"

        def _assign_work_unit(self, node: Any) -> None:
            last = next(reversed(self.assigned_work[node]), "@")
            scope = min(self.workqueue, key=lambda scope: scope.split("@")[1] != last.split("@")[1])
            self.workqueue.move_to_end(scope, last=False)
            super()._assign_work_unit(node)

    return OneBrowserFewServers(config, log)
