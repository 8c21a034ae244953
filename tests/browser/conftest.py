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

VIEWPORT = {"width": 1200, "height": 900}
_NUMBERS = count()
Open = Callable[..., Notebook]


@pytest.fixture(scope="package")
def home() -> Iterator[Path]:
    """A home with the demo; its server runs, and nobody is connected to it."""
    expect.set_options(timeout=PATIENCE)
    with tempfile.TemporaryDirectory(prefix="shotkit-home-") as folder:
        done = in_home(folder)("demo", "--json")
        assert done.returncode == 0, done.stderr
        with psycopg.connect(
            embedded.start(Path(folder)).conninfo, dbname="postgres", autocommit=True
        ) as admin:
            # What makes a server slow to write safely is not under test here.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                admin.execute(f"alter system set {setting} = off")
            admin.execute("select pg_reload_conf()")
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
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes contexts, each a user's browser of its own, whose pages are watched."""
    watch, made = Watch(), []

    def make(**options: object) -> BrowserContext:
        made.append(browser.new_context(**{"viewport": VIEWPORT, **options}))
        watch.over(made[-1])
        return made[-1]

    yield make
    for context in made:
        context.close()
    watch.check()


@pytest.fixture(scope="package")
def bench(browser: Browser, lab: Lab) -> Iterator[tuple[Notebook, Watch]]:
    """An open notebook with a kernel, for one test after the other."""
    context, watch = browser.new_context(viewport=VIEWPORT, has_touch=True), Watch()
    watch.over(context)
    with opened(context, lab, write(lab, [])) as notebook:
        notebook.python("import shotkit; from shotkit import widgets")
        yield notebook, watch
        notebook.end()
    context.close()


@pytest.fixture
def notebook(bench: tuple[Notebook, Watch]) -> Iterator[Notebook]:
    """The open notebook: `show` puts cells in it and runs them; `kit` is closed at the end."""
    shared, watch = bench
    watch.wrong.clear()
    yield shared
    shared.python("if 'kit' in globals(): kit.close()")
    shared.show()
    watch.check()


@pytest.fixture
def another(new_context: Callable[..., BrowserContext], lab: Lab) -> Iterator[Open]:
    """Opens a notebook in a browser of its own: of cells, which are run, or one that was `saved`."""
    with ExitStack() as stack:

        def open_it(*cells: str, saved: str | None = None) -> Notebook:
            if saved is not None:
                return stack.enter_context(opened(new_context(), lab, saved))
            found = stack.enter_context(opened(new_context(), lab, write(lab, cells)))
            stack.callback(found.end)
            found.run()
            return found

        yield open_it
