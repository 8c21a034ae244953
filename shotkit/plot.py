"""Pictures of a shot: its timeline on a frame ruler, and a contact sheet. The timeline needs matplotlib."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from textwrap import fill, shorten
from typing import TYPE_CHECKING

from shotkit.errors import ConfigurationError, NotFoundError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from PIL.Image import Image as Thumbnail

    from shotkit.shot import Shot
    from shotkit.storage import Store

__all__ = ["Picture", "contact_sheet", "timeline"]

THUMBNAIL = (192, 108)  # pixels
COLUMNS = 5  # images in a row of a contact sheet
MARGIN = 8  # pixels between the images of a contact sheet
FIGURE_CHARACTERS = 270  # characters of a prompt that fit side by side over the whole width


@dataclass(frozen=True, repr=False)
class Picture:
    """A picture that a notebook shows: `png` are its bytes, `alt` says what is on it."""

    alt: str
    png: bytes

    def __repr__(self) -> str:
        return f"<Picture: {self.alt}>"

    def _repr_png_(self) -> bytes:
        return self.png

    def save(self, path: str | Path) -> None:
        """Write the picture to a PNG file."""
        Path(path).write_bytes(self.png)


def timeline(shot: "Shot") -> Picture:
    """Draw the shot's positioned images at their frames, and the pairs' prompts between them."""
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415  an extra, and heavy
    except ImportError as error:
        raise ConfigurationError("Plots need matplotlib; install shotkit[all].") from error
    rows = _positioned(shot)
    figure = Figure(figsize=(14, 3.4), layout="constrained")
    axes = figure.add_subplot()
    _draw_ruler(axes, rows)
    _draw_thumbnails(axes, rows, shot.store)
    _draw_prompts(axes, shot, rows["timeline_frame"].to_list())
    written = BytesIO()
    figure.savefig(written, format="png", dpi=110)
    return Picture(f"timeline of {shot.name}, {len(rows)} images", written.getvalue())


def contact_sheet(shot: "Shot") -> Picture:
    """Set the shot's positioned images side by side, in the order of their frames."""
    from PIL import Image  # noqa: PLC0415  not before a picture is asked for

    rows = _positioned(shot)
    width, height = THUMBNAIL
    lines = -(-len(rows) // COLUMNS)
    size = (COLUMNS * (width + MARGIN) + MARGIN, lines * (height + MARGIN) + MARGIN)
    sheet = Image.new("RGB", size, "white")
    for place, thumbnail in enumerate(_thumbnails(rows, shot.store)):
        line, column = divmod(place, COLUMNS)
        sheet.paste(thumbnail, (MARGIN + column * (width + MARGIN), MARGIN + line * (height + MARGIN)))
    written = BytesIO()
    sheet.save(written, "PNG")
    return Picture(f"contact sheet of {shot.name}, {len(rows)} images", written.getvalue())


def _positioned(shot: "Shot") -> "pd.DataFrame":
    rows = shot.timeline()
    if rows.empty:
        raise NotFoundError(f"Shot {shot.name!r} has no image on its timeline, so there is nothing to draw.")
    return rows


def _thumbnails(rows: "pd.DataFrame", store: "Store") -> "list[Thumbnail]":
    from PIL import Image, ImageOps  # noqa: PLC0415  not before a picture is asked for

    def small(location: str) -> "Thumbnail":
        with Image.open(BytesIO(store.read(location))) as image:
            return ImageOps.fit(image.convert("RGB"), THUMBNAIL)

    return [small(location) for location in rows["thumbnail_url"]]


def _draw_ruler(axes: "Axes", rows: "pd.DataFrame") -> None:
    frames = rows["timeline_frame"].to_list()
    room = max(frames[-1] - frames[0], 1) * 0.05
    axes.set_xlim(frames[0] - room, frames[-1] + room)
    axes.set_ylim(0, 3)
    axes.set_xticks(frames, [str(frame) for frame in frames])
    axes.set_xlabel("frame")
    axes.yaxis.set_visible(False)
    axes.spines[["left", "right", "top"]].set_visible(False)


def _draw_thumbnails(axes: "Axes", rows: "pd.DataFrame", store: "Store") -> None:
    import numpy as np  # noqa: PLC0415  loaded by matplotlib
    from matplotlib.offsetbox import AnnotationBbox, OffsetImage  # noqa: PLC0415

    for place, (frame, image) in enumerate(
        zip(rows["timeline_frame"], _thumbnails(rows, store), strict=True)
    ):
        # Neighbours stand in turns on two lines, so that close frames do not cover each other.
        height = 2.45 - 0.95 * (place % 2)
        box = OffsetImage(np.asarray(image), zoom=0.52)
        axes.plot([frame, frame], [0, height], color="0.75", linewidth=1, zorder=1)
        axes.add_artist(AnnotationBbox(box, (frame, height), pad=0.1, bboxprops={"edgecolor": "0.6"}))


def _draw_prompts(axes: "Axes", shot: "Shot", frames: list[int]) -> None:
    prompts = shot.pair_prompts()
    room = FIGURE_CHARACTERS / (axes.get_xlim()[1] - axes.get_xlim()[0])
    for pair, prompt in zip(prompts["pair"], prompts["prompt"], strict=True):
        start, end = frames[pair], frames[pair + 1]
        width = max(8, int((end - start) * room))
        # A dollar sign would open mathematics.
        text = fill(shorten(prompt, 3 * width, placeholder="…"), width).replace("$", r"\$")
        axes.text((start + end) / 2, 0.75, text, ha="center", va="top", fontsize=6, color="0.3")
