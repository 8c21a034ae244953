"""Sets up what the browser tests need beyond Python's packages: Chromium, and what npm has."""

import sys

from tests.browser import chromium, npm

if chromium.found() is None and not chromium.download():
    sys.exit(chromium.MISSING)
npm.install()
