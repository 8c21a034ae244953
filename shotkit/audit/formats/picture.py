"""Pictures of broken timelines as inline SVG: of each shot, stored and expected frames on one ruler."""

from collections import Counter
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from shotkit.audit.formats.frames import Lane, Ruler, lane
from shotkit.audit.formats.told import short

__all__ = ["Picture", "pictures"]

AUDIT = "0001_shot_data_matches_links"
MOST = 12  # generations in a picture
_LANES, _LEFT, _WIDTH, _OFF, _RIGHT = 98.0, 166.0, 470.0, 688.0, 720.0
_TOP, _BAND, _GAP = 34, 46, 6
_STORED, _EXPECTED = 14, 32  # the lanes within a band


@dataclass(frozen=True)
class Picture:
    """The picture of one shot: its key, the picture as SVG, how many generations are not in it."""

    shot: str
    svg: str
    left_out: int


@dataclass(frozen=True)
class _Band:
    """One generation in the shot; a lane is None where it holds no frames that could be drawn."""

    generation: str
    verdict: str
    stored: Lane | None
    expected: Lane | None


def pictures(findings: list[dict[str, Any]], most: int) -> tuple[list[Picture], int]:
    """Draw the first shots that findings of 0001 are about; return how many more there are."""
    of_shots = [row for row in findings if row["audit"] == AUDIT and row["shot_id"] is not None]
    of_shots.sort(key=lambda row: row["shot_id"])
    by_shot = [(shot, list(rows)) for shot, rows in groupby(of_shots, key=lambda row: row["shot_id"])]
    drawn = [_picture(number, shot, rows) for number, (shot, rows) in enumerate(by_shot[:most])]
    return drawn, len(by_shot) - len(drawn)


def _picture(number: int, shot: str, rows: list[dict[str, Any]]) -> Picture:
    bands = [_band(row) for row in rows[:MOST]]
    return Picture(shot, _svg(f"timeline-{number}", short(shot), bands), len(rows) - len(bands))


def _band(row: dict[str, Any]) -> _Band:
    return _Band(row["generation_id"], row["verdict"], lane(row["stored"]), lane(row["expected"]))


def _svg(name: str, shot: str, bands: list[_Band]) -> str:
    ruler = _ruler(bands)
    height = _TOP + len(bands) * (_BAND + _GAP)
    tops = range(_TOP, height, _BAND + _GAP)
    grounds = "".join(_ground(top) for top in tops)
    drawn = "".join(_drawn(band, ruler, top) for band, top in zip(bands, tops, strict=True))
    told = " ".join(_told(band) for band in bands)
    return (
        f'<svg viewBox="0 0 {_RIGHT:g} {height}" role="img" aria-labelledby="{name} {name}-told">'
        f'<title id="{name}">Frames of {escape(shot)}, stored and expected</title>'
        f'<desc id="{name}-told">{escape(told)}</desc>{grounds}{_scale(ruler, height)}{drawn}</svg>'
    )


def _ruler(bands: list[_Band]) -> Ruler:
    lanes = [lane for band in bands for lane in (band.stored, band.expected) if lane]
    frames = [frame for lane in lanes for frame in lane.placed] or [0]
    return Ruler(min(0, *frames), max(1, *frames), _LEFT, _WIDTH)


def _scale(ruler: Ruler, height: int) -> str:
    ticks = "".join(
        f'<line class="grid" x1="{ruler.x(frame)}" x2="{ruler.x(frame)}" y1="22" y2="{height}"/>'
        f'<text class="soft" x="{ruler.x(frame)}" y="14" text-anchor="middle">{frame}</text>'
        for frame in ruler.ticks()
    )
    axis = f'<line class="ruler" x1="{_LEFT:g}" x2="{_LEFT + _WIDTH:g}" y1="22" y2="22"/>'
    return f'{ticks}{axis}<text class="soft" x="{_OFF:g}" y="14" text-anchor="middle">off</text>'


def _ground(top: int) -> str:
    return f'<rect class="band" x="0" y="{top}" width="{_RIGHT:g}" height="{_BAND}" rx="4"/>'


def _drawn(band: _Band, ruler: Ruler, top: int) -> str:
    return (
        f'<text x="8" y="{top + 19}">{escape(band.generation[:8])}</text>'
        f'<text class="soft" x="8" y="{top + 35}">{escape(band.verdict)}</text>'
        f'<text class="soft" x="{_LANES:g}" y="{top + _STORED + 4}">stored</text>'
        f'<text class="soft" x="{_LANES:g}" y="{top + _EXPECTED + 4}">expected</text>'
        f"{_moves(band, ruler, top)}"
        f"{_marks('stored', band.stored, band.expected, ruler, top + _STORED)}"
        f"{_marks('expected', band.expected, band.stored, ruler, top + _EXPECTED)}"
    )


def _moves(band: _Band, ruler: Ruler, top: int) -> str:
    """Join what is stored with what is expected in its place, where there are as many of both."""
    if not band.stored or not band.expected or len(band.stored.placed) != len(band.expected.placed):
        return ""
    return "".join(
        f'<line class="move" x1="{ruler.x(stored)}" x2="{ruler.x(expected)}" '
        f'y1="{top + _STORED}" y2="{top + _EXPECTED}"/>'
        for stored, expected in zip(band.stored.placed, band.expected.placed, strict=True)
        if stored != expected
    )


def _marks(kind: str, own: Lane | None, other: Lane | None, ruler: Ruler, y: int) -> str:
    if own is None:
        return f'<text x="{_LEFT:g}" y="{y + 4}">no frames to draw</text>'
    there, counts = Counter(other.placed if other else ()), Counter(own.placed)
    marks = [
        _mark(kind, ruler.x(frame), y, number, is_wrong=there[frame] != number)
        for frame, number in counts.items()
    ]
    if own.unplaced:
        is_wrong = other is None or other.unplaced != own.unplaced
        marks.append(_mark(kind, _OFF, y, own.unplaced, is_wrong=is_wrong))
    if own.left_out:
        marks.append(f'<text x="{_LEFT + _WIDTH + 8:g}" y="{y + 4}">+{own.left_out}</text>')
    return "".join(marks)


def _mark(kind: str, x: float, y: int, number: int, *, is_wrong: bool) -> str:
    look = f"{kind} wrong" if is_wrong else kind
    shape = (
        f'<rect class="{look}" x="{x - 5:g}" y="{y - 5}" width="10" height="10"/>'
        if kind == "stored"
        else f'<circle class="{look}" cx="{x:g}" cy="{y}" r="5"/>'
    )
    return shape + (f'<text x="{x + 8:g}" y="{y + 4}">{number}x</text>' if number > 1 else "")


def _told(band: _Band) -> str:
    return f"{band.generation} {band.verdict}: stored {_list(band.stored)}; expected {_list(band.expected)}."


def _list(found: Lane | None) -> str:
    if found is None:
        return "no frames"
    frames = ", ".join(map(str, found.placed[:20])) or "none"
    more = len(found.placed) + found.left_out - 20
    unplaced = f"{found.unplaced} off the timeline" if found.unplaced else ""
    return ", ".join(filter(None, (frames, f"and {more:,} more" if more > 0 else "", unplaced)))
