"""Pictures of a shot: its timeline on a frame ruler, and a contact sheet. The timeline needs matplotlib.

An image whose file is not in the kit's storage is a grey box with its name; the network is asked for none.
"""

from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from textwrap import fill, shorten, wrap
from typing import TYPE_CHECKING
from urllib.parse import unquote

from shotkit.errors import ConfigurationError, InvalidChangeError, NotFoundError
from shotkit.model.media import url_identity
from shotkit.plain import clean

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from PIL.Image import Image as Thumbnail

    from shotkit.shot import Shot
    from shotkit.storage import Store

__all__ = ["Picture", "contact_sheet", "timeline"]

THUMBNAIL = (192, 108)  # pixels
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # whose readers start no programs
COLUMNS = 5  # images in a row of a contact sheet
MARGIN = 8  # pixels between the images of a contact sheet
LETTERS = 14  # pixels, of a name that stands for an image
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
    thumbnails, missing = _thumbnails(rows, shot.store)
    _draw_thumbnails(axes, rows, thumbnails)
    if missing:
        axes.set_title(f"{missing}: SHOTKIT_STORAGE names where they are", fontsize=8, color="0.3")
    _draw_prompts(axes, shot, rows["timeline_frame"].to_list())
    written = BytesIO()
    figure.savefig(written, format="png", dpi=110)
    return Picture(_alt("timeline", shot, rows, missing), written.getvalue())


def contact_sheet(shot: "Shot") -> Picture:
    """Set the shot's positioned images side by side, in the order of their frames."""
    from PIL import Image  # noqa: PLC0415  not before a picture is asked for

    rows = _positioned(shot)
    width, height = THUMBNAIL
    lines = -(-len(rows) // COLUMNS)
    size = (COLUMNS * (width + MARGIN) + MARGIN, lines * (height + MARGIN) + MARGIN)
    sheet = Image.new("RGB", size, "white")
    thumbnails, missing = _thumbnails(rows, shot.store)
    for place, thumbnail in enumerate(thumbnails):
        line, column = divmod(place, COLUMNS)
        sheet.paste(thumbnail, (MARGIN + column * (width + MARGIN), MARGIN + line * (height + MARGIN)))
    written = BytesIO()
    sheet.save(written, "PNG")
    return Picture(_alt("contact sheet", shot, rows, missing), written.getvalue())


def _alt(kind: str, shot: "Shot", rows: "pd.DataFrame", missing: str) -> str:
    return f"{kind} of {shot.name}, {len(rows)} images" + (f", {missing}" if missing else "")


def _positioned(shot: "Shot") -> "pd.DataFrame":
    rows = shot.timeline()
    if rows.empty:
        raise NotFoundError(f"Shot {shot.name!r} has no image on its timeline, so there is nothing to draw.")
    return rows


def _thumbnails(rows: "pd.DataFrame", store: "Store") -> "tuple[list[Thumbnail], str]":
    """Return a picture an image, and a note how many of them are not at hand: '' for none."""
    found = [_small(row.thumbnail_url, row.location, store) for row in rows.itertuples()]
    lacking = sum(image is None for image in found)
    note = f"{lacking} of {len(found)} pictures not at hand" if lacking else ""
    names = (_short_name(row.name, row.location) for row in rows.itertuples(index=False))
    return [image or _box(name) for image, name in zip(found, names, strict=True)], note


def _small(thumbnail: object, location: object, store: "Store") -> "Thumbnail | None":
    """Return the image of one of the addresses, None where the storage has neither, or no picture there."""
    from PIL import Image, ImageOps  # noqa: PLC0415  not before a picture is asked for

    for address in (each for each in (thumbnail, location) if isinstance(each, str)):
        try:
            data = store.read(address)
        except (NotFoundError, InvalidChangeError):
            continue
        # Pillow's readers raise whatever a damaged file, or a video, leads to.
        with suppress(Exception), Image.open(BytesIO(data), formats=FORMATS) as image:
            return ImageOps.fit(image.convert("RGB"), THUMBNAIL)
    return None


def _short_name(name: object, location: object) -> str:
    """Return the image's name, else its file's; the query of an address is not shown."""
    if isinstance(name, str) and name.strip():
        return clean(name)
    file = location if isinstance(location, str) else ""
    return clean(unquote(url_identity(file).rpartition("/")[2]) or "no file")


def _box(name: str) -> "Thumbnail":
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415  not before a picture is asked for

    box = Image.new("RGB", THUMBNAIL, "#cccccc")
    width, height = THUMBNAIL
    text = "\n".join(wrap(name, width // (LETTERS // 2 + 1), max_lines=3, placeholder="…"))
    drawing = ImageDraw.Draw(box)
    middle = (width / 2, height / 2)
    drawing.text(middle, text, "#444444", ImageFont.load_default(LETTERS), "mm", align="center")
    return box


def _draw_ruler(axes: "Axes", rows: "pd.DataFrame") -> None:
    frames = rows["timeline_frame"].to_list()
    room = max(frames[-1] - frames[0], 1) * 0.05
    axes.set_xlim(frames[0] - room, frames[-1] + room)
    axes.set_ylim(0, 3)
    axes.set_xticks(frames, [str(frame) for frame in frames])
    axes.set_xlabel("frame")
    axes.yaxis.set_visible(False)
    axes.spines[["left", "right", "top"]].set_visible(False)


def _draw_thumbnails(axes: "Axes", rows: "pd.DataFrame", thumbnails: "list[Thumbnail]") -> None:
    import numpy as np  # noqa: PLC0415  loaded by matplotlib
    from matplotlib.offsetbox import AnnotationBbox, OffsetImage  # noqa: PLC0415

    for place, (frame, image) in enumerate(zip(rows["timeline_frame"], thumbnails, strict=True)):
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
