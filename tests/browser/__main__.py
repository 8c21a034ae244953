"""Sets up what the browser tests need beyond Python's packages: Chromium, and the axe-core rules."""

import sys

from tests.browser import axe, chromium

if chromium.found() is None and not chromium.download():
    sys.exit(chromium.MISSING)
axe.install()
