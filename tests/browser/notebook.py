"""A notebook in JupyterLab in the browser: made of cells, opened, run; and what must not happen there."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Locator, Page, Request

from tests.browser.lab import Lab
from tests.browser.wire import Wire

__all__ = ["PANEL", "Notebook", "Watch", "opened", "write"]

PATIENCE = 30_000  # milliseconds for a condition on a busy machine
_NUMBERS = count()
_RUN = "jupyterapp.commands.execute('notebook:run-all-cells')"
_PANE = ".jp-NotebookPanel:visible"
_LOCAL = {"data", "blob"}


@dataclass
class Watch:
    """What a page must not do: leave this machine, open dialogs or pages, log errors."""

    wrong: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context."""
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("dialog", self._dialog)
        context.on("weberror", lambda error: self.wrong.append(f"error: {error.error}"))

    def check(self) -> None:
        """Fail if they did."""
        wrong, self.wrong[:] = list(self.wrong), []
        if wrong:
            raise AssertionError(wrong)

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in _LOCAL and address.hostname != "127.0.0.1":
            self.wrong.append(f"request: {request.url[:200]}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.wrong.append(f"console: {message.text[:500]} ({message.location.get('url')})")

    def _dialog(self, dialog: Dialog) -> None:
        self.wrong.append(f"dialog: {dialog.message[:200]}")
        dialog.dismiss()


@dataclass(frozen=True)
class Notebook:
    """A notebook on a page, run; `wire` has the messages of its widgets."""

    page: Page
    name: str
    wire: Wire

    def show(self, *cells: str) -> None:
        """Put these cells in place of those that are there, and run them."""
        self.page.evaluate(_REPLACE, [new_code_cell(cell) for cell in cells])
        self.wire.clear()
        self.run()

    def run(self) -> None:
        """Run all its cells; a cell that fails, fails the test."""
        self.page.evaluate(_RUN)
        if errors := self.page.evaluate(_ERRORS):
            raise AssertionError(errors)

    def cell(self, number: int) -> Locator:
        """Return the output of a cell."""
        return self.page.locator(f"{_PANE} .jp-CodeCell").nth(number).locator(".jp-Cell-outputArea")

    def python(self, code: str) -> str:
        """Run code in the notebook's kernel, beside its cells, and return what it printed."""
        return self.page.evaluate(_ASK, code)

    def theme(self, name: str) -> None:
        """Show JupyterLab in its Light or Dark theme."""
        self.page.evaluate(_THEME, f"JupyterLab {name}")
        self.page.wait_for_function(_THEMED, arg=f"JupyterLab {name}")

    def end(self) -> None:
        """End its kernel."""
        self.page.evaluate(_END)

    def save(self) -> None:
        """Save it, with its outputs."""
        self.page.evaluate("jupyterapp.commands.execute('docmanager:save')")

    def reload(self) -> None:
        """Load the page again; its kernel stays."""
        self.page.reload()
        self.page.wait_for_function(_READY)

    def restart(self) -> None:
        """Restart the kernel and wait until it is there."""
        self.page.evaluate(_RESTART)


PANEL = """
const panel = jupyterapp.shell.currentWidget;
const kernel = panel.sessionContext.session.kernel;
"""
_ASK = (
    "async (code) => {"
    + PANEL
    + """
  const asked = kernel.requestExecute({code, store_history: false, stop_on_error: false});
  let text = '';
  asked.onIOPub = (message) => {
    if (message.header.msg_type === 'stream') text += message.content.text;
    if (message.header.msg_type === 'error') text += message.content.traceback.join('\\n');
  };
  await asked.done;
  return text;
}"""
)
_ERRORS = (
    "() => {"
    + PANEL
    + """
  const outputs = [...panel.content.model.cells].flatMap((cell) => cell.toJSON().outputs ?? []);
  return outputs.flatMap((output) => {
    if (output.output_type === 'error') return [`${output.ename}: ${output.evalue}`];
    return output.name === 'stderr' ? [String(output.text)] : [];
  });
}"""
)
_REPLACE = (
    "(cells) => {"
    + PANEL
    + """
  const shared = panel.content.model.sharedModel;
  shared.transact(() => {
    shared.deleteCellRange(0, shared.cells.length);
    shared.insertCells(0, cells);
  });
}"""
)
_END = "async () => {" + PANEL + "await panel.sessionContext.shutdown(); }"
_THEME = "(theme) => jupyterapp.commands.execute('apputils:change-theme', { theme })"
_THEMED = """(theme) => document.body.dataset.jpThemeName === theme
  && !document.querySelector('#jupyterlab-splash, .jp-mod-splash')"""
_RESTART = "async () => {" + PANEL + "await kernel.restart(); }"


def write(lab: Lab, cells: Iterable[str], name: str | None = None) -> str:
    """Write a notebook of code cells; return its file's name."""
    name = name or f"notebook-{next(_NUMBERS)}.ipynb"
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    (lab.folder / name).write_text(json.dumps(notebook))
    return name


@contextmanager
def opened(context: BrowserContext, lab: Lab, name: str, *, seven: bool = False) -> Iterator[Notebook]:
    """Open a notebook on a page of its own: in JupyterLab, or in Notebook 7."""
    page, wire = context.new_page(), Wire()
    page.on("websocket", wire.listen)
    page.set_default_timeout(PATIENCE)
    place = f"notebooks/{name}" if seven else f"lab/workspaces/{name.removesuffix('.ipynb')}/tree/{name}"
    page.goto(f"{lab.url}/{place}?token={lab.token}{'' if seven else '&reset'}")
    page.wait_for_function(_READY)
    page.evaluate("jupyterapp.shell.collapseLeft()")
    yield Notebook(page, name, wire)
    page.close()


_READY = """() => {
  const panel = globalThis.jupyterapp?.shell.currentWidget;
  return panel?.sessionContext?.session?.kernel?.status === 'idle';
}"""
