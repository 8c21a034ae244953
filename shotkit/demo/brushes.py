"""Brushes of the painter: falls of colour, glows, discs, and colours as the light shows them."""

from functools import cache

from PIL import Image, ImageDraw, ImageOps

from shotkit.demo.light import Colour, Light

__all__ = ["column", "disc", "fall", "glow", "lit"]

Size = tuple[int, int]
Point = tuple[int, int]
_SMOOTH = 4  # a disc is drawn this much larger and reduced


def lit(colour: Colour, light: Light, share: float) -> Colour:
    """Return a share of the colour that something has in this light."""
    red, green, blue = (
        min(255, round(own * tint / 255 * light.brightness * share))
        for own, tint in zip(colour, light.tint, strict=True)
    )
    return red, green, blue


def fall(top: Colour, foot: Colour, size: Size) -> Image.Image:
    """Return a picture whose colour falls from one at its top to another at its foot."""
    return ImageOps.colorize(column(0, 255, size[1]), top, foot).resize(size)


@cache
def column(top: float, foot: float, height: int) -> Image.Image:
    """Return a mask one pixel wide that goes from one value to the other."""
    shades = [min(255, round(top + (foot - top) * value / 255)) for value in range(256)]
    return Image.linear_gradient("L").resize((1, height)).point(shades)


def glow(picture: Image.Image, centre: Point, radius: int, colour: Colour, strength: float) -> None:
    """Lay a round glow on the picture; `radius` in pixels, `strength` at its centre from 0 to 1."""
    mask = _halo(radius, strength)
    picture.paste(Image.new("RGB", mask.size, colour), (centre[0] - radius, centre[1] - radius), mask)


@cache
def _halo(radius: int, strength: float) -> Image.Image:
    # The gradient ends at the corners; a glow must end at the edges, or its square is seen.
    shares = [max(0.0, 1 - value / 255 / 0.70) for value in range(256)]
    mask = Image.radial_gradient("L").point([round(strength * 255 * share**2) for share in shares])
    return mask.resize((2 * radius, 2 * radius))


def disc(picture: Image.Image, centre: Point, radius: int, colour: Colour) -> None:
    """Put a smooth disc on the picture; `radius` in pixels."""
    large = 2 * _SMOOTH * radius
    mask = Image.new("L", (large, large), 0)
    ImageDraw.Draw(mask).ellipse((2, 2, large - 2, large - 2), fill=255)
    mask = mask.reduce(_SMOOTH)
    picture.paste(Image.new("RGB", mask.size, colour), (centre[0] - radius, centre[1] - radius), mask)
