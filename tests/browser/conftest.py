"""One JupyterLab and one Chromium for all tests of this folder, on clones of a demo of its own."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from psycopg import sql
from psycopg.conninfo import make_conninfo

from shotkit.engine import embedded
from tests.browser import chromium
from tests.browser.lab import Lab, jupyter_lab
from tests.browser.notebook import PATIENCE, Notebook, Watch, opened, write
from tests.plugins.demo import in_home

_NUMBERS = count()
Open = Callable[..., Notebook]


@pytest.fixture(scope="package")
def home() -> Iterator[Path]:
    """A home with the demo; its server runs, and nobody is connected to it."""
    expect.set_options(timeout=PATIENCE)
    with tempfile.TemporaryDirectory(prefix="shotkit-home-") as folder:
        done = in_home(folder)("demo", "--json")
        assert done.returncode == 0, done.stderr
        embedded.start(Path(folder))
        yield Path(folder)
        embedded.stop(Path(folder))


@pytest.fixture
def database(home: Path) -> str:
    """Return the address of a clone of the demo, of the test's own."""
    name = f"browser_{next(_NUMBERS)}_scratch"
    server = embedded.start(home).conninfo
    with psycopg.connect(server, dbname="postgres", autocommit=True) as admin:
        admin.execute(sql.SQL("create database {} template shotkit").format(sql.Identifier(name)))
    return make_conninfo(server, dbname=name)


@pytest.fixture
def stored(database: str) -> Iterator[psycopg.Connection]:
    """A connection beside shotkit's, which tells what the database holds and changes it as others would."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="package")
def lab(home: Path) -> Iterator[Lab]:
    others = ("PG", "SHOTKIT", "JUPYTER")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    with (
        tempfile.TemporaryDirectory(prefix="shotkit-lab-") as folder,
        jupyter_lab(Path(folder), environment | {"SHOTKIT_HOME": str(home)}) as running,
    ):
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = chromium.found()
    if path is None:
        pytest.fail(chromium.MISSING, pytrace=False)
    with sync_playwright() as playwright:
        launched = chromium.launch(playwright, path)
        yield launched
        launched.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What the pages of a test must not do, and did."""
    watching = Watch()
    yield watching
    assert watching.wrong == []


@pytest.fixture
def context(browser: Browser, watch: Watch) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1200, "height": 900})
    watch.over(made)
    yield made
    made.close()


@pytest.fixture
def notebook(context: BrowserContext, lab: Lab) -> Iterator[Open]:
    """Opens a notebook of the given cells and runs them."""
    with ExitStack() as stack:

        def open_and_run(*cells: str, on: BrowserContext = context) -> Notebook:
            found = stack.enter_context(opened(on, lab, write(lab, cells)))
            found.run()
            return found

        yield open_and_run
