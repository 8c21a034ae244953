"""One JupyterLab and one Chromium for all tests of this folder, on clones of a demo of its own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser import chromium
from tests.browser.home import clone, demo_home
from tests.browser.lab import Lab, jupyter_lab
from tests.browser.notebook import PATIENCE, Notebook, Watch, opened, write

VIEWPORT = {"width": 1200, "height": 900}
Open = Callable[..., Notebook]


@pytest.fixture(scope="package")
def home() -> Iterator[Path]:
    """A home with the demo; its server runs, and nobody is connected to it."""
    expect.set_options(timeout=PATIENCE)
    with demo_home() as folder:
        yield folder


@pytest.fixture
def database(home: Path) -> str:
    """The address of a clone of the demo, of the test's own."""
    return clone(home)


@pytest.fixture
def stored(database: str) -> Iterator[psycopg.Connection]:
    """A connection beside shotkit's, which tells what the database holds and changes it as others would."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="package")
def lab(home: Path) -> Iterator[Lab]:
    with jupyter_lab(home) as running:
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
