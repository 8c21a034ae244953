"""What is drawn in place of a picture: one that is missing, a film without a still, one on the web."""

from functools import cache
from io import BytesIO
from typing import Literal

__all__ = ["placeholder"]

SIZE = (160, 90)  # pixels
GROUND = {"missing": "#8a8a8a", "film": "#3c4250", "remote": "#5a6b8c"}
INK = "#f2f2f2"


@cache
def placeholder(kind: Literal["missing", "film", "remote"]) -> bytes:
    """Return a PNG: a crossed-out frame, a triangle between perforations, a globe."""
    from PIL import Image, ImageDraw  # noqa: PLC0415  not before a picture is asked for

    image = Image.new("RGB", SIZE, GROUND[kind])
    draw = ImageDraw.Draw(image)
    if kind == "missing":
        draw.rectangle((54, 22, 106, 68), outline=INK, width=3)
        draw.line((54, 68, 106, 22), fill=INK, width=3)
    elif kind == "remote":
        for half in (26, 11):
            draw.ellipse((80 - half, 19, 80 + half, 71), outline=INK, width=2)
        draw.line((54, 45, 106, 45), fill=INK, width=2)
    else:
        draw.polygon([(66, 25), (66, 65), (100, 45)], fill=INK)
        for left in range(6, SIZE[0], 20):
            for top in (5, 77):
                draw.rectangle((left, top, left + 9, top + 7), fill=INK)
    written = BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()
