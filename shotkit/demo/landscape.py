"""Paints the demo's landscape: sky, hills and water in the light of the hour, a plant that grows at its edge.

Pillow alone, integers at its edges: the same arguments paint the same pixels.
"""

from dataclasses import dataclass, replace
from functools import cache
from math import pi, sin
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from shotkit.demo.brushes import column, disc, fall, glow, lit
from shotkit.demo.light import Colour, Light, light_at, mix, sun_at
from shotkit.demo.plant import Colours, draw_plant

__all__ = ["Scene", "paint"]

Size = tuple[int, int]

_SHORE = 0.60  # of the height: where land ends and water begins
_LAYERS = (
    (0.30, 0.16, 0.78),
    (0.40, 0.12, 0.56),
    (0.48, 0.08, 0.32),
    (0.55, 0.04, 0.10),
)  # height, swing, haze
_SMOOTH = 2  # edges are drawn this much larger and reduced
_SUN: Colour = (255, 246, 214)
_MOON: Colour = (236, 240, 250)


@dataclass(frozen=True)
class Scene:
    """A place: the seed of its hills, the colours of its land and its flower, and where the plant stands."""

    seed: str
    land: Colour
    flower: Colour
    plant_at: float


def paint(scene: Scene, hour: float, growth: float, size: Size) -> Image.Image:
    """Paint the scene at an hour (0 dawn to 1 night) with the plant grown from 0 to 1; `size` in pixels."""
    light = light_at(hour)
    picture = _sky(light, size)
    _hang_stars(picture, light, scene)
    _hang_sun(picture, hour)
    _stand_hills(picture, scene, light)
    _lay_water(picture, scene, light, hour)
    _grow_bank(picture, scene, light, growth)
    return picture


def _sky(light: Light, size: Size) -> Image.Image:
    # The horizon's colour is reached where the sky meets the hills, not at the lower edge.
    falling = column(0, 255 / _SHORE, size[1])
    return ImageOps.colorize(falling, light.zenith, light.horizon, light.sky, midpoint=140).resize(size)


def _hang_stars(picture: Image.Image, light: Light, scene: Scene) -> None:
    if light.stars <= 0:
        return
    width, height = picture.size
    random, draw = Random(f"stars {scene.seed}"), ImageDraw.Draw(picture)  # noqa: S311  a picture, no secret
    for _ in range(110):
        x, y = int(random.random() * width), int(random.random() ** 1.3 * height * 0.45)
        share = light.stars * (0.25 + 0.75 * random.random())
        draw.point((x, y), mix(light.zenith, _MOON, share))


def _hang_sun(picture: Image.Image, hour: float) -> None:
    width, height = picture.size
    across, up = sun_at(hour)
    if up > 0:
        centre = (round(across * width), round(height * (0.56 - 0.46 * up)))
        warmth = mix((255, 150, 90), _SUN, min(1.0, up * 1.4))
        glow(picture, centre, round(height * 0.62), warmth, 0.55)
        glow(picture, centre, round(height * 0.20), warmth, 0.75)
        disc(picture, centre, round(height * 0.042), mix(warmth, (255, 255, 255), 0.55))
    if hour > 0.88:  # noqa: PLR2004  the moon rises when the sun has set
        centre = (round(width * 0.74), round(height * (0.42 - 1.9 * (hour - 0.88))))
        glow(picture, centre, round(height * 0.30), (150, 176, 226), 0.45)
        disc(picture, centre, round(height * 0.036), _MOON)


def _stand_hills(picture: Image.Image, scene: Scene, light: Light) -> None:
    air = mix(light.zenith, light.sky, 0.55)  # what lies between the eye and a far hill
    for number, (_, _, haze) in enumerate(_LAYERS):
        mask = _hill(scene.seed, number, picture.size)
        near = lit(scene.land, light, 1.0 - 0.10 * number)
        top = mix(near, air, haze)
        foot = mix(near, light.horizon, haze)
        picture.paste(fall(top, foot, picture.size), mask=mask)


def _lay_water(picture: Image.Image, scene: Scene, light: Light, hour: float) -> None:
    width, height = picture.size
    shore = round(height * _SHORE)
    depth = height - shore
    mirrored = ImageOps.flip(picture.crop((0, shore - min(shore, round(depth * 1.25)), width, shore)))
    mirrored = mirrored.resize((width, depth)).filter(ImageFilter.GaussianBlur(height / 260))
    deep = mix(light.zenith, (18, 46, 66), 0.45)
    water = Image.composite(
        Image.new("RGB", mirrored.size, deep), mirrored, column(40, 150, depth).resize(mirrored.size)
    )
    picture.paste(water, (0, shore))
    _ripple(picture, scene, light, hour, shore)


def _ripple(picture: Image.Image, scene: Scene, light: Light, hour: float, shore: int) -> None:
    width, height = picture.size
    random = Random(f"ripples {scene.seed}")  # noqa: S311  a picture, no secret
    lines = Image.new("L", picture.size, 0)
    draw = ImageDraw.Draw(lines)
    across, up = sun_at(hour)
    glitter = round((across if up > 0 else 0.74) * width)
    for number in range(260):
        near = random.random()
        y = shore + 2 + round(near * near * (height - shore))
        length = width * (0.008 + 0.07 * near * random.random())
        drift = hour * width * (0.2 + near)
        x = (random.random() * width * 1.4 + drift) % (width * 1.4) - width * 0.2
        bright = 26 + round(34 * random.random())
        if number % 3 == 0:  # every third lies on the way of the light
            x = glitter + (random.random() - 0.5) * width * (0.03 + 0.16 * near) - length / 2
            bright = round(110 * random.random() + 60)
        draw.line((x, y, x + length, y), fill=bright, width=1 + round(near * height / 300))
    picture.paste(mix(light.horizon, (255, 255, 255), 0.35), mask=lines)


def _grow_bank(picture: Image.Image, scene: Scene, light: Light, growth: float) -> None:
    width, height = picture.size
    top = round(height * 0.30)
    large = (width * _SMOOTH, (height - top) * _SMOOTH)
    layer = Image.new("RGBA", large, (*lit(scene.land, light, 0.42), 0))
    draw = ImageDraw.Draw(layer)
    ground = lit(scene.land, light, 0.42)
    _draw_bank(draw, scene, large, ground)
    # A flower stays visible by moonlight.
    by_night = replace(light, brightness=max(0.55, light.brightness))
    foot = (round(large[0] * scene.plant_at), round(large[1] * 0.93))
    colours = Colours(
        leaf=lit((96, 158, 70), light, 0.86),
        petal=lit(scene.flower, by_night, 1.05),
        heart=lit((150, 84, 30), by_night, 1.0),
    )
    draw_plant(draw, foot, height * 0.60 * _SMOOTH, growth, colours)
    layer = layer.reduce(_SMOOTH)
    picture.paste(layer, (0, top), layer)


def _draw_bank(draw: ImageDraw.ImageDraw, scene: Scene, size: Size, ground: Colour) -> None:
    width, height = size
    random = Random(f"bank {scene.seed}")  # noqa: S311  a picture, no secret
    edge = [
        (x, height * (0.93 - 0.075 * sin(pi * x / width * 1.7 + 0.6) ** 2)) for x in range(0, width + 16, 16)
    ]
    draw.polygon([(0, height), *edge, (width, height)], fill=(*ground, 255))
    for _ in range(230):
        left, y = edge[int(random.random() * len(edge))]
        x = left + random.random() * 16
        lean, tall = (random.random() - 0.5) * 0.5, height * (0.03 + 0.09 * random.random())
        shade = mix(ground, (0, 0, 0), 0.25 * random.random())
        blade = [(x - width / 900, y + 6), (x + lean * tall, y - tall), (x + width / 900, y + 6)]
        draw.polygon(blade, fill=(*shade, 255))


@cache
def _hill(seed: str, number: int, size: Size) -> Image.Image:
    width, height = size[0] * _SMOOTH, size[1] * _SMOOTH
    level, swing, _ = _LAYERS[number]
    random = Random(f"hill {seed} {number}")  # noqa: S311  a picture, no secret
    waves = [(1.1 + 1.9 * step + random.random(), random.random() * 2 * pi, 0.62**step) for step in range(6)]
    loudest = sum(loud for _, _, loud in waves)

    def ridge(x: float) -> float:
        swung = sum(loud * sin(pace * pi * x + phase) for pace, phase, loud in waves) / loudest
        return height * (level - swing * swung)

    mask = Image.new("L", (width, height), 0)
    shore = height * _SHORE
    line = [(x, min(ridge(x / width), shore)) for x in range(0, width + 8, 8)]
    ImageDraw.Draw(mask).polygon([(0, shore), *line, (width, shore)], fill=255)
    return mask.reduce(_SMOOTH)
