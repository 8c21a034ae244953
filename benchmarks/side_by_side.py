"""Runs ways of doing one thing in turns and compares their medians; machines are noisy, ratios less so."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Any

__all__ = ["Aim", "Case", "Measured", "measure", "ratio"]

_SELDOM = 10  # rounds


@dataclass(frozen=True)
class Measured:
    """The median of one way, in milliseconds, and how it compares with the limit of its group."""

    group: str
    way: str
    milliseconds: float
    ratio: float


@dataclass(frozen=True)
class Aim:
    """What was aimed at and what was found: `figure` in the unit of the aim, told in its words."""

    what: str
    aim: str
    figure: float
    met: bool

    @classmethod
    def at_most(cls, what: str, figure: float, limit: float, unit: str = "x") -> "Aim":
        """Hold a figure against the most that it may be."""
        return cls(what, f"<= {limit:g} {unit}", figure, figure <= limit)

    @classmethod
    def at_least(cls, what: str, figure: float, limit: float, unit: str = "x") -> "Aim":
        """Hold a figure against the least that it may be."""
        return cls(what, f">= {limit:g} {unit}", figure, figure >= limit)


@dataclass
class Case:
    """What one case measured; `growth` has a line of (size, milliseconds) for each way that is drawn."""

    title: str
    measured: list[Measured] = field(default_factory=list)
    aims: list[Aim] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    growth: dict[str, list[tuple[float, float]]] = field(default_factory=dict)


def measure(
    group: str,
    ways: dict[str, Callable[..., object]],
    *,
    rounds: int,
    prepare: Callable[[], tuple[Any, ...]] = tuple,
    seldom: Collection[str] = (),
) -> list[Measured]:
    """Run each way once to warm up, then `rounds` times in turns; the first way is the limit, ratio 1.

    What `prepare` returns is handed to the way, and not timed. Those ways that take `seldom` a turn are not
    warmed up, and run in the first round and every tenth one after it.
    """
    for name, way in ways.items():
        if name not in seldom:
            way(*prepare())
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, way in ways.items():
            if name in seldom and number % _SELDOM:
                continue
            given = prepare()
            started = perf_counter()
            way(*given)
            times[name].append((perf_counter() - started) * 1000)
    limit = median(times[next(iter(ways))])
    return [Measured(group, name, median(taken), median(taken) / limit) for name, taken in times.items()]


def ratio(measured: list[Measured], way: str, to: str) -> float:
    """Return how many times as long one way takes as the other."""
    taken = {row.way: row.milliseconds for row in measured}
    return taken[way] / taken[to]
