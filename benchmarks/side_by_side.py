"""Runs ways of doing one thing in turns and compares their medians; machines are noisy, ratios less so."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

__all__ = ["Measured", "measure"]


@dataclass(frozen=True)
class Measured:
    """The median of one way, in milliseconds, and how it compares with the limit of its group."""

    group: str
    way: str
    milliseconds: float
    ratio: float

    @property
    def row(self) -> str:
        """A row of a Markdown table."""
        return f"| {self.group} | {self.way} | {self.milliseconds:.1f} | {self.ratio:.2f} |"


def measure(
    group: str,
    ways: dict[str, Callable[..., object]],
    *,
    rounds: int,
    prepare: Callable[[], tuple[Any, ...]] = tuple,
) -> list[Measured]:
    """Run each way once to warm up, then `rounds` times in turns; the first way is the limit, ratio 1.

    What `prepare` returns is handed to the way, and not timed.
    """
    for way in ways.values():
        way(*prepare())
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            given = prepare()
            started = perf_counter()
            way(*given)
            times[name].append((perf_counter() - started) * 1000)
    limit = median(times[next(iter(ways))])
    return [Measured(group, name, median(taken), median(taken) / limit) for name, taken in times.items()]
