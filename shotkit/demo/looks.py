"""What tells the variants of a picture apart: each type of variant has a look of its own."""

from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LOOKS", "dress"]


def dress(picture: Image.Image, look: str) -> Image.Image:
    """Give a picture the look of a variant's type; `original` leaves it, `upscale` doubles its size."""
    return LOOKS[look](picture) if look in LOOKS else picture


def _upscale(picture: Image.Image) -> Image.Image:
    large = picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.LANCZOS)
    return large.filter(ImageFilter.UnsharpMask(radius=3, percent=90, threshold=2))


def _reposition(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    return picture.crop((0, round(height * 0.22), round(width * 0.72), round(height * 0.94))).resize(
        picture.size
    )


def _warm(picture: Image.Image) -> Image.Image:
    toned = ImageOps.colorize(ImageOps.grayscale(picture), (38, 14, 30), (255, 240, 206), (206, 122, 70))
    return ImageEnhance.Color(Image.blend(picture, toned, 0.42)).enhance(1.25)


def _magic(picture: Image.Image) -> Image.Image:
    """Put a balloon into the sky and a boat on the water, with its reflection."""
    width, height = picture.size
    layer = Image.new("RGBA", (width * 2, height * 2), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    _draw_balloon(draw, (width * 1.16, height * 0.36), height * 0.20)
    _draw_boat(draw, (width * 1.46, height * 1.44), height * 0.26)
    layer = layer.reduce(2)
    dressed = picture.copy()
    dressed.paste(layer, mask=layer)
    return dressed


def _draw_balloon(draw: ImageDraw.ImageDraw, centre: tuple[float, float], radius: float) -> None:
    x, y = centre
    red, cream = (214, 66, 56, 255), (250, 232, 200, 255)
    basket = (x - radius * 0.16, y + radius * 1.5, x + radius * 0.16, y + radius * 1.74)
    for side in (-1, 1):
        draw.line(
            (x + side * radius * 0.6, y + radius * 0.78, x + side * radius * 0.14, basket[1]),
            fill=cream,
            width=2,
        )
    draw.polygon(
        [
            (x - radius * 0.93, y + radius * 0.36),
            (x + radius * 0.93, y + radius * 0.36),
            (x, y + radius * 1.42),
        ],
        fill=red,
    )
    for share, colour in ((1.0, red), (0.62, cream), (0.24, red)):
        draw.ellipse((x - radius * share, y - radius, x + radius * share, y + radius), fill=colour)
    draw.rounded_rectangle(basket, radius * 0.05, fill=(120, 74, 40, 255))


def _draw_boat(draw: ImageDraw.ImageDraw, keel: tuple[float, float], tall: float) -> None:
    x, y = keel
    for up, alpha in ((-1, 70), (1, 255)):  # the reflection first

        def at(across: float, above: float, up: int = up) -> tuple[float, float]:
            return x + across * tall, y - up * above * tall

        hull = [at(-0.42, 0.16), at(0.46, 0.16), at(0.28, 0.0), at(-0.28, 0.0)]
        draw.polygon(hull, fill=(112, 56, 40, alpha))
        draw.polygon([at(0.0, 0.22), at(0.0, 1.0), at(0.40, 0.22)], fill=(250, 246, 236, alpha))
        draw.polygon([at(-0.04, 0.22), at(-0.04, 0.86), at(-0.32, 0.22)], fill=(232, 222, 206, alpha))


LOOKS: "dict[str, Callable[[Image.Image], Image.Image]]" = {
    "upscale": _upscale,
    "repositioned": _reposition,
    "edit": _warm,
    "magic_edit": _magic,
}
