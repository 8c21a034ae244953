"""The timeline on a page, as its tests see it and press it."""

import psycopg
from playwright.sync_api import Frame, Locator, expect

from tests.browser.notebook import Notebook

__all__ = ["SHOT", "TimelinePage", "cells", "frames_stored", "shown"]

SHOT = "Valley, dawn to night"
_FRAMES = """
select g.id::text, g.timeline_frame from shot_generations g join shots s on s.id = g.shot_id
where s.name = %s order by g.timeline_frame, g.id
"""


def frames_stored(stored: psycopg.Connection, shot: str = SHOT) -> dict[str, int | None]:
    """Return the frame of every link of a shot, in order, as the database holds them."""
    return dict(stored.execute(_FRAMES, (shot,)).fetchall())


def shown(notebook: Notebook, database: str, *, shot: str = SHOT, mode: str = "ruler") -> "TimelinePage":
    """Show a shot's timeline in a notebook, and wait until its images can be moved."""
    notebook.show(*cells(database, shot=shot, mode=mode))
    return TimelinePage(notebook).ready()


def cells(database: str, *, shot: str = SHOT, mode: str = "ruler") -> list[str]:
    """Return the cells that show a shot's timeline."""
    return [
        f"import shotkit\nfrom shotkit import widgets\nkit = shotkit.connect({database!r})",
        f"shot = kit.shot({shot!r})",
        f"timeline = widgets.Timeline(shot, mode={mode!r})\ntimeline",
    ]


class TimelinePage:
    """A timeline on the page of a notebook, or in a frame of it; the first unless said."""

    def __init__(self, notebook: Notebook, place: int = 0, *, frame: Frame | None = None) -> None:
        self.notebook = notebook
        self.page = notebook.page
        self.root = (frame or self.page).locator(".sk-timeline").nth(place)

    def ready(self) -> "TimelinePage":
        """Wait until images can be moved."""
        expect(self.root.locator(".sk-item:not(.sk-fixed)").first).to_be_visible()
        self.notebook.wire.clear()
        return self

    def item(self, id_: str) -> Locator:
        """Return an image by its link's id."""
        return self.root.locator(f".sk-item[data-id='{id_}']")

    def press(self, name: str) -> None:
        """Press a button."""
        self.root.get_by_role("button", name=name, exact=True).click()

    def saved(self, id_: str) -> None:
        """Wait until an image says that it is saved."""
        expect(self.item(id_)).to_have_attribute("data-status", "saved")

    def refused(self, id_: str) -> None:
        """Wait until an image says that its change was refused."""
        expect(self.item(id_)).to_have_attribute("data-status", "refused")

    def at(self, id_: str, frame: int) -> None:
        """Wait until an image is shown at a frame."""
        expect(self.item(id_).locator(".sk-frame")).to_have_text(str(frame))

    def said(self, words: str) -> None:
        """Wait until the live region has said words."""
        expect(self.root.get_by_role("status")).to_contain_text(words)

    def middle(self, id_: str) -> tuple[float, float]:
        """Return the middle of an image, in pixels of the page."""
        box = self.item(id_).bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, id_: str, by: float, *, down: float = 0) -> None:
        """Drag an image by mouse, `by` pixels to the right."""
        x, y = self.middle(id_)
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + by / 2, y + down / 2, steps=4)
        mouse.move(x + by, y + down, steps=4)
        expect(self.item(id_)).to_have_class("sk-item sk-lifted")
        mouse.up()

    def swipe(self, id_: str, by: float) -> None:
        """Drag an image by a finger, `by` pixels to the right."""
        x, y = self.middle(id_)
        finger = self.page.context.new_cdp_session(self.page)
        steps = [("touchStart", x), *(("touchMove", x + by * part / 8) for part in range(1, 9))]
        for kind, place in steps:
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": place, "y": y}]})
        expect(self.item(id_)).to_have_class("sk-item sk-lifted")
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        finger.detach()

    def pinch(self, id_: str, before: float, after: float) -> None:
        """Move two fingers around an image's middle, from so many pixels apart to so many."""
        x, y = self.middle(id_)
        hand = self.page.context.new_cdp_session(self.page)
        for part in range(9):
            half = (before + (after - before) * part / 8) / 2
            points = [{"x": x - half, "y": y, "id": 0}, {"x": x + half, "y": y, "id": 1}]
            kind = "touchMove" if part else "touchStart"
            hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        hand.detach()

    def pixels(self, a: str, b: str, frames: int) -> float:
        """Return how many pixels `frames` are, by two images that stand `frames` apart."""
        return (self.item(b).bounding_box()["x"] - self.item(a).bounding_box()["x"]) / frames
