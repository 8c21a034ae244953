"""The widget manager of VS Code, in a frame like that of its notebooks, on the kernel of an open notebook."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Frame, Route

from tests.browser.notebook import PANEL, Notebook
from tests.browser.npm import MODULES

__all__ = ["Webview", "webview"]

_FILES = {
    "webview.html": Path(__file__).parent / "webview.html",
    "require.js": MODULES / "requirejs/require.js",
    "ipywidgets.js": MODULES / "@vscode/jupyter-ipywidgets8/dist/ipywidgets.js",
    "anywidget.js": Path(sys.prefix) / "share/jupyter/nbextensions/anywidget/index.js",
}


@dataclass(frozen=True)
class Webview:
    """The frame that has the outputs; it is longer than what is in sight."""

    frame: Frame
    notebook: Notebook

    def show(self, *code: str) -> None:
        """Run code in the kernel and show the widget that its last line is."""
        self.notebook.page.evaluate(_SHOW, "\n".join(code))

    def theme(self, name: str) -> None:
        """Take a theme's colours: dark, light or high-contrast."""
        self.frame.evaluate("(name) => { document.body.className = `vscode-${name}`; }", name)

    def make_accessible(self) -> None:
        """Do to the buttons what VS Code does half a second after an output is shown."""
        self.frame.evaluate("window.makeAccessible()")

    @property
    def taken(self) -> list[str]:
        """The keys that VS Code would have acted on."""
        return self.frame.evaluate("window.taken")


@contextmanager
def webview(notebook: Notebook) -> Iterator[Webview]:
    """Lay VS Code's frame over the page of a notebook."""
    page = notebook.page
    page.route("**/vscode/*", _serve)
    page.evaluate(_OPEN)
    frame = page.wait_for_selector("iframe[name=vscode]").content_frame()
    try:
        frame.wait_for_function("window.ready")
        page.evaluate(_BEGIN)
        yield Webview(frame, notebook)
    finally:
        page.evaluate(_CLOSE)
        page.unroute("**/vscode/*")


def _serve(route: Route) -> None:
    route.fulfill(path=_FILES[route.request.url.rpartition("/")[2]])


# The sandbox is VS Code's; so is a frame that scripts move up and down behind a window onto it.
_OPEN = """() => {
  const window_ = document.createElement('div');
  window_.id = 'vscode-window';
  window_.style = 'position: fixed; inset: 0; z-index: 99999; overflow: hidden;';
  const frame = document.createElement('iframe');
  frame.name = 'vscode';
  frame.title = 'Outputs of a notebook';
  frame.sandbox = 'allow-same-origin allow-pointer-lock allow-scripts allow-downloads allow-forms';
  frame.style = 'position: absolute; top: -1500px; width: 100%; height: 6000px; border: 0;';
  frame.src = '/vscode/webview.html';
  window_.append(frame);
  document.body.append(window_);
}"""
_BEGIN = (
    "() => {"
    + PANEL
    + """
  window.vscodeKernel = kernel.clone({ handleComms: true });
  frames.vscode.begin(window.vscodeKernel);
}"""
)
_SHOW = """async (code) => {
  const asked = window.vscodeKernel.requestExecute({ code, store_history: false });
  let id;
  asked.onIOPub = ({ content }) => {
    id ??= content.data?.['application/vnd.jupyter.widget-view+json']?.model_id;
  };
  const { content } = await asked.done;
  if (content.status !== 'ok') throw new Error(`${content.ename}: ${content.evalue}`);
  await frames.vscode.render(id);
}"""
_CLOSE = """() => {
  document.getElementById('vscode-window').remove();
  window.vscodeKernel?.dispose();
}"""
