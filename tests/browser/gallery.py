"""The gallery on a page, as its tests see it and press it."""

import json
import re

from playwright.sync_api import Locator, expect

from tests.browser.notebook import Notebook

__all__ = ["GalleryPage", "gallery_of"]

_BEGIN = """
import json, shotkit
from shotkit import widgets
kit = shotkit.connect({!r}, read_only={})
"""


def gallery_of(
    notebook: Notebook, database: str, of: str = "kit", *, read_only: bool = False
) -> "GalleryPage":
    """Show a gallery in a notebook, and wait until its first image is there."""
    notebook.show(_BEGIN.format(database, read_only), f"gallery = widgets.Gallery({of})\ngallery")
    gallery = GalleryPage(notebook)
    gallery.arrived(0)
    return gallery


class GalleryPage:
    """The gallery of a notebook, in its second cell."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook = notebook
        self.page = notebook.page
        self.root = notebook.page.locator(".sk-gallery")
        self.list = self.root.get_by_role("listbox", name="Images")

    def cell(self, place: int) -> Locator:
        """Return the image at a place of the list, if it is in sight."""
        return self.list.locator(f"[data-place='{place}']:not([hidden])")

    def arrived(self, place: int) -> None:
        """Wait until an image in sight is told of."""
        expect(self.cell(place).locator("span").first).not_to_have_text("…")

    def counts(self, words: str) -> None:
        """Wait until the line above the images has words."""
        expect(self.root.locator(".skp-count")).to_contain_text(words)

    def said(self, words: str) -> None:
        """Wait until the live region has said words."""
        expect(self.root.get_by_role("status")).to_contain_text(words)

    def press(self, name: str) -> None:
        """Press a button."""
        self.root.get_by_role("button", name=name, exact=True).click()

    def field(self, name: str) -> Locator:
        """Return a control by its label."""
        return self.root.get_by_label(name, exact=True)

    def selects(self, *places: int) -> None:
        """Wait until these places, and no others in sight, are shown as selected."""
        chosen = self.list.locator("[aria-selected='true']:not([hidden])")
        expect(chosen).to_have_count(len(places))
        for place in places:
            expect(self.cell(place)).to_have_attribute("aria-selected", "true")

    @property
    def selected(self) -> list[str]:
        """The ids that Python reads."""
        found: list[str] = json.loads(self.notebook.python("print(json.dumps(gallery.selected))"))
        return found

    def listed(self, count: int) -> list[str]:
        """Wait until so many are listed, and return their ids, in order."""
        expect(self.root.locator(".skp-count")).to_have_text(re.compile(rf"^{count} images?,"))
        self.press("Select none")
        self.counts("0 selected")
        self.press("Select all")
        self.counts(f"{count} selected")
        return self.selected
