"""The axe-core rules of accessibility."""

from playwright.sync_api import Frame, Page

from tests.browser.notebook import Notebook
from tests.browser.npm import MODULES

__all__ = ["SCRIPT", "violations", "violations_of"]

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """async ([part, tags]) => {
  const options = { runOnly: { type: 'tag', values: tags } };
  return (await axe.run(part, options)).violations;
}"""
SCRIPT = MODULES / "axe-core" / "axe.min.js"


def violations(notebook: Notebook) -> list[str]:
    """Return what the rules find wrong in the widgets of a notebook, each with where."""
    return violations_of(notebook.page, ".shotkit")


def violations_of(page: Page | Frame, part: str) -> list[str]:
    """Return what they find wrong in a part of a page."""
    page.evaluate(SCRIPT.read_text("utf-8"))
    found = page.evaluate(_RUN, [part, _TAGS])
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary']})"
        for rule in found
        for node in rule["nodes"]
    ]
