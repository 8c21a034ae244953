"""What a saved notebook shows where no JavaScript runs: a small contact sheet beside the live view."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from shotkit.widgets.pictures import Picture, Pictures
from shotkit.widgets.placeholders import placeholder

if TYPE_CHECKING:
    from PIL.Image import Image as Drawn
    from PIL.ImageDraw import ImageDraw as Pen

__all__ = ["MOST_BYTES", "MOST_TILES", "Tile", "contact_sheet", "frame_words", "with_sheet"]

MOST_TILES = 24
MOST_BYTES = 150_000  # of the PNG; base64 makes 200 kB of them in a notebook
COLUMNS = 6
THUMBNAIL = (112, 63)  # pixels
MARGIN = 8  # pixels around a thumbnail
CAPTION = 15  # pixels below it
HEAD = 24  # pixels above all
GROUND, TILE, INK = "#ffffff", "#e4e4e4", "#202020"


@dataclass(frozen=True)
class Tile:
    """One picture of a sheet: its location, its thumbnail and whether it is a film; a few words below it."""

    address: tuple[str | None, str | None, bool]
    caption: str = ""


def frame_words(frame: int | None) -> str:
    """Return what stands below an image of a shot."""
    return "off the timeline" if frame is None else f"frame {frame}"


def with_sheet(
    bundle: tuple[dict[str, Any], dict[str, Any]],
    tiles: Sequence[Tile],
    pictures: Pictures | None,
    *,
    title: str,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a widget's bundle of MIME types with a contact sheet beside the view.

    A notebook prefers the live view. GitHub, which has none, shows a PNG but cleans pictures out of HTML.
    """
    data, metadata = bundle
    png, (width, height) = contact_sheet(tiles, pictures or Pictures(None), title=title)
    facts = {"alt": title, "width": width, "height": height}
    return data | {"image/png": b64encode(png).decode()}, metadata | {"image/png": facts}


def contact_sheet(tiles: Sequence[Tile], pictures: Pictures, *, title: str) -> tuple[bytes, tuple[int, int]]:
    """Return a PNG of the first MOST_TILES, below MOST_BYTES, and its size in pixels.

    The same tiles give the same bytes. What only a page could load is drawn as such: no address is asked.
    """
    from PIL import Image, ImageDraw  # noqa: PLC0415  not before a sheet is asked for

    shown = tiles[:MOST_TILES]
    lines = -(-len(shown) // COLUMNS)
    size = (MARGIN + COLUMNS * (THUMBNAIL[0] + MARGIN), HEAD + lines * _line() + MARGIN)
    sheet = Image.new("RGB", size, GROUND)
    pen = ImageDraw.Draw(sheet)
    more = f" ({len(shown)} of {len(tiles):,} shown)" if len(tiles) > len(shown) else ""
    _write(pen, (MARGIN, 6), title + more, size[0] - 2 * MARGIN)
    for place, tile in enumerate(shown):
        line, column = divmod(place, COLUMNS)
        corner = (MARGIN + column * (THUMBNAIL[0] + MARGIN), HEAD + line * _line())
        location, thumbnail_url, video = tile.address
        sheet.paste(_drawn(pictures.thumbnail(location, thumbnail_url, video=video)), corner)
        _write(pen, (corner[0], corner[1] + THUMBNAIL[1] + 1), tile.caption, THUMBNAIL[0])
    return _bounded(sheet), size


def _line() -> int:
    return THUMBNAIL[1] + CAPTION + MARGIN


def _drawn(picture: Picture) -> "Drawn":
    from PIL import Image, ImageOps  # noqa: PLC0415  as above

    data = placeholder("remote") if picture.state == "remote" else picture.data
    with Image.open(BytesIO(data)) as image:
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    ground = Image.new("RGBA", upright.size, TILE)
    return ImageOps.pad(Image.alpha_composite(ground, upright).convert("RGB"), THUMBNAIL, color=TILE)


def _write(pen: "Pen", corner: tuple[int, int], text: str, width: int) -> None:
    """Write as much of a text as there is room for; the built-in font has the letters of ASCII only."""
    from PIL import ImageFont  # noqa: PLC0415  as above

    font = ImageFont.load_default(11)
    plain = normalize("NFKD", text[:200]).encode("ascii", "ignore").decode()
    written = "".join(filter(str.isprintable, plain))
    cut = written
    while cut and pen.textlength(cut + ("…" if cut != written else ""), font) > width:
        cut = cut[:-1]
    pen.text(corner, cut + ("…" if cut != written else ""), fill=INK, font=font)


def _bounded(sheet: "Drawn") -> bytes:
    from PIL.Image import Dither  # noqa: PLC0415  as above

    colours = 256
    while True:
        written = BytesIO()
        # Without dithering: its noise costs twice the bytes.
        sheet.quantize(colours, dither=Dither.NONE).save(written, "PNG", optimize=True)
        if written.tell() <= MOST_BYTES or colours <= 16:  # noqa: PLR2004  16 colours always fit: half a byte a pixel
            return written.getvalue()
        colours //= 2
