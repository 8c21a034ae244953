"""The light of one day: colours of sky and land, and where the sun stands, from dawn (0) to night (1)."""

from bisect import bisect_right
from dataclasses import dataclass
from math import pi, sin

__all__ = ["Colour", "Light", "light_at", "mix", "sun_at"]

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Light:
    """Sky colours from the zenith down, the tint on the land, its brightness and the stars', both 0 to 1."""

    zenith: Colour
    sky: Colour
    horizon: Colour
    tint: Colour
    brightness: float
    stars: float


_DAY = (
    (0.00, Light((52, 66, 118), (206, 142, 152), (255, 205, 158), (255, 190, 170), 0.52, 0.10)),
    (0.16, Light((92, 142, 200), (176, 202, 222), (255, 228, 190), (255, 226, 190), 0.80, 0.0)),
    (0.40, Light((54, 124, 200), (124, 182, 228), (214, 234, 240), (255, 252, 240), 1.00, 0.0)),
    (0.60, Light((78, 132, 190), (178, 202, 206), (250, 226, 176), (255, 232, 190), 0.92, 0.0)),
    (0.74, Light((74, 78, 138), (226, 138, 110), (255, 190, 98), (255, 178, 120), 0.66, 0.0)),
    (0.86, Light((34, 34, 84), (122, 72, 118), (244, 128, 92), (214, 140, 150), 0.40, 0.35)),
    (1.00, Light((7, 11, 34), (18, 30, 66), (52, 70, 108), (130, 160, 220), 0.22, 1.0)),
)
_HOURS = [hour for hour, _ in _DAY]


def light_at(hour: float) -> Light:
    """Return the light at `hour`, 0 at dawn to 1 at night."""
    hour = min(max(hour, 0.0), 1.0)
    after = min(bisect_right(_HOURS, hour), len(_DAY) - 1)
    (start, first), (end, last) = _DAY[after - 1], _DAY[after]
    share = (hour - start) / (end - start)
    return Light(
        zenith=mix(first.zenith, last.zenith, share),
        sky=mix(first.sky, last.sky, share),
        horizon=mix(first.horizon, last.horizon, share),
        tint=mix(first.tint, last.tint, share),
        brightness=first.brightness + (last.brightness - first.brightness) * share,
        stars=first.stars + (last.stars - first.stars) * share,
    )


def sun_at(hour: float) -> tuple[float, float]:
    """Return the sun's way from left to right and its height, both 0 to 1; below 0 it has set."""
    return 0.12 + 0.76 * hour / 0.86, sin(pi * (hour + 0.05) / 0.92)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Return the colour that lies `share` of the way from the first to the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue
