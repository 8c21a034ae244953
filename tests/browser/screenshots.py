"""Takes pictures of the widgets: `python -m tests.browser.screenshots FOLDER`, else those of the README."""

import sys
from pathlib import Path

from tests.browser.notebook import Notebook
from tests.browser.running import running

DOCS = Path(__file__).parents[2] / "docs" / "widgets"
SHOWN = {
    "timeline": "widgets.Timeline(kit.shot('Valley, dawn to night'))",
    "variants": "widgets.Variants(kit.generation(most_variants()))",
    "gallery": "widgets.Gallery(kit)",
    "lightbox": "widgets.Lightbox(kit.shot('Valley, dawn to night'))",
}
_BEGIN = """
import shotkit
from shotkit import widgets

kit = shotkit.connect(read_only=True)

def most_variants():
    return kit.generations().sort_values("derived_count", ascending=False)["generation_id"].iloc[0]
"""
_DRAWN = """() => [...document.querySelectorAll('.jp-OutputArea-output img')]
  .filter((image) => image.checkVisibility()).every((image) => image.complete && image.naturalWidth)"""


def take(folder: Path, widths: tuple[int, ...], themes: tuple[str, ...]) -> None:
    """Take each widget's picture into `folder`, at each width of the page and in each theme."""
    with running() as (_, notebook):
        for name, code in SHOWN.items():
            notebook.show(_BEGIN, code)
            for theme in themes:
                notebook.theme(theme)
                for width in widths:
                    _picture(notebook, width, folder / f"{name}{_suffix(theme, width)}.png")


def _picture(notebook: Notebook, width: int, file: Path) -> None:
    notebook.page.set_viewport_size({"width": width, "height": 1400})
    notebook.page.wait_for_function(_DRAWN)
    notebook.cell(1).locator(".shotkit").first.screenshot(path=file, animations="disabled")


def _suffix(theme: str, width: int) -> str:
    return "" if (theme, width) == ("Light", 1000) else f"-{theme.lower()}-{width}"


if __name__ == "__main__":
    if sys.argv[1:]:
        take(Path(sys.argv[1]), (1000, 420), ("Light", "Dark"))
    else:
        take(DOCS, (1000,), ("Light",))
