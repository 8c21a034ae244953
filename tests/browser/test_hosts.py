"""The timeline where notebooks are shown by something else than JupyterLab: Notebook 7 and marimo."""

import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from socket import create_server
from urllib.error import URLError

import pytest

from tests.browser.notebook import PATIENCE, Notebook, opened, write
from tests.browser.timeline import SHOT, TimelinePage, cells, frames_stored
from tests.browser.wire import Wire

_APP = """
import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    import shotkit
    from shotkit import widgets

    kit = shotkit.connect({database!r})
    mo.ui.anywidget(widgets.Timeline(kit.shot({shot!r})))
    return
"""
_PAUSE = 0.1


@pytest.fixture
def ids(stored):
    return [id_ for id_, frame in frames_stored(stored).items() if frame is not None]


def drag_once(timeline, stored, ids):
    timeline.drag(ids[1], 20 * timeline.pixels(ids[0], ids[1], 81))
    timeline.saved(ids[1])
    assert frames_stored(stored)[ids[1]] == 101
    stored.execute("update shot_generations set timeline_frame = 150 where id = %s", (ids[2],))
    timeline.at(ids[2], 150)


@pytest.fixture
def context(browser):
    """A browser of its own; what the page around the timeline logs is not ours."""
    made = browser.new_context(viewport={"width": 1200, "height": 900})
    yield made
    made.close()


def test_in_notebook_7_a_drag_is_stored_and_a_change_elsewhere_appears(context, lab, database, stored, ids):
    with opened(context, lab, write(lab, cells(database)), seven=True) as notebook:
        notebook.run()
        drag_once(TimelinePage(notebook).ready(), stored, ids)
        notebook.end()


@pytest.fixture
def marimo(tmp_path, database):
    """The address of a marimo app that shows the timeline."""
    app = tmp_path / "app.py"
    app.write_text(_APP.format(database=database, shot=SHOT))
    with closing(create_server(("127.0.0.1", 0))) as free:
        port = str(free.getsockname()[1])
    options = ["--headless", "--no-token", "--host", "127.0.0.1", "--port", port]
    command = [sys.executable, "-m", "marimo", "run", str(app), *options]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=tmp_path)
        try:
            yield answering(f"http://127.0.0.1:{port}", server)
        finally:
            server.terminate()
            server.wait(PATIENCE / 1000)


def answering(url, server):
    """Wait until a server answers."""
    deadline = time.monotonic() + PATIENCE / 1000
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/health"):  # noqa: S310  the test's own server
                return url
        except URLError:
            time.sleep(_PAUSE)
    pytest.fail("marimo did not start")


def test_in_marimo_a_drag_is_stored_and_a_change_elsewhere_appears(marimo, context, stored, ids):
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(marimo)
    drag_once(TimelinePage(Notebook(page, "app.py", Wire())).ready(), stored, ids)
