"""Draws the plant that grows along a timeline: a stem, leaves in pairs, a bud that opens into a flower."""

from math import cos, pi, sin
from typing import NamedTuple

from PIL import ImageDraw

from shotkit.demo.light import Colour, mix

__all__ = ["Colours", "draw_plant"]

Point = tuple[float, float]

_LEAVES = (0.16, 0.28, 0.40, 0.52, 0.66)  # where along the full stem a pair of leaves sits
_BUDDING = 0.45  # of its growth, from which on there is a bud
_PETALS = 9
_STEPS = 40


class Colours(NamedTuple):
    """The colours of a plant."""

    leaf: Colour
    petal: Colour
    heart: Colour


def draw_plant(
    draw: ImageDraw.ImageDraw, foot: Point, height: float, growth: float, colours: Colours
) -> None:
    """Draw a plant at its foot, grown from 0 (a sprout) to 1 (`height` pixels tall, in full bloom)."""
    leaf = colours.leaf
    grown = 0.10 + 0.90 * growth
    tall = height * grown
    stem = [_stem(foot, tall, step / _STEPS) for step in range(_STEPS + 1)]
    thick = max(3, round(height * 0.016 * (0.5 + 0.5 * grown)))
    draw.line(stem, fill=(*mix(leaf, (0, 0, 0), 0.18), 255), width=thick, joint="curve")
    for number, along in enumerate(_LEAVES):
        if along < grown:
            size = height * 0.20 * min(1.0, (grown - along) * 3.2) * (1.1 - 0.7 * along)
            _draw_leaves(draw, _stem(foot, tall, along / grown), size, leaf, 0.35 + 0.06 * number)
    if growth > _BUDDING:
        opened = (growth - _BUDDING) / (1 - _BUDDING)
        _draw_flower(draw, stem[-1], height * (0.035 + 0.10 * opened), opened, colours)
    else:
        _draw_leaves(draw, stem[-1], height * 0.07, mix(leaf, (255, 255, 255), 0.12), 0.9)


def _stem(foot: Point, tall: float, along: float) -> Point:
    x, y = foot
    return x + tall * 0.10 * sin(along * pi * 0.9), y - tall * along


def _draw_leaves(draw: ImageDraw.ImageDraw, base: Point, size: float, colour: Colour, rise: float) -> None:
    for side, shade in ((-1, 0.0), (1, 0.14)):
        tip = (base[0] + side * size * cos(rise), base[1] - size * sin(rise))
        across = (sin(rise) * size * 0.20, side * cos(rise) * size * 0.20)
        draw.polygon(_blade(base, tip, across), fill=(*mix(colour, (0, 0, 0), shade), 255))


def _blade(base: Point, tip: Point, across: Point) -> list[Point]:
    """Return the outline of a leaf or a petal, up one side and down the other."""
    up = [_edge(base, tip, across, step / 8) for step in range(9)]
    return up + [_edge(base, tip, (-across[0], -across[1]), 1 - step / 8) for step in range(9)]


def _edge(base: Point, tip: Point, across: Point, along: float) -> Point:
    bulge = sin(pi * along**0.8)
    return (
        base[0] + (tip[0] - base[0]) * along + across[0] * bulge,
        base[1] + (tip[1] - base[1]) * along + across[1] * bulge,
    )


def _draw_flower(
    draw: ImageDraw.ImageDraw, centre: Point, radius: float, opened: float, colours: Colours
) -> None:
    # A bud's petals all point up; opened, they stand around the heart.
    for ring, reach in ((0, 1.0), (1, 0.72)):
        for number in range(_PETALS):
            turn = ((number + 0.5 * ring) / _PETALS - 0.5) * 2 * pi * (0.18 + 0.82 * opened)
            tip = (centre[0] + radius * reach * sin(turn), centre[1] - radius * reach * cos(turn))
            wide = radius * (0.20 + 0.10 * opened)
            shade = 0.16 * (number % 2) + 0.10 * ring
            petal = mix(colours.petal, (0, 0, 0), shade)
            draw.polygon(_blade(centre, tip, (cos(turn) * wide, sin(turn) * wide)), fill=(*petal, 255))
    inner = radius * 0.30 * opened
    box = (centre[0] - inner, centre[1] - inner, centre[0] + inner, centre[1] + inner)
    draw.ellipse(box, fill=(*colours.heart, 255))
