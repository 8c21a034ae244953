"""Runs ways of doing one thing in turns and compares their medians; machines are noisy, ratios less so."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

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


def measure(group: str, ways: dict[str, Callable[[], object]], *, rounds: int) -> list[Measured]:
    """Run each way once to warm up, then `rounds` times in turns; the first way is the limit, ratio 1."""
    for way in ways.values():
        way()
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            started = perf_counter()
            way()
            times[name].append((perf_counter() - started) * 1000)
    limit = median(times[next(iter(ways))])
    return [Measured(group, name, median(taken), median(taken) / limit) for name, taken in times.items()]
