"""How long rows count as fresh, and how long an entry that nobody uses is kept."""

from dataclasses import dataclass

__all__ = ["FREQUENTLY_CHANGING", "REALTIME_BACKED", "STATIC_REFERENCE", "USER_SETTINGS", "Preset"]


@dataclass(frozen=True)
class Preset:
    """A named pair of times in seconds: rows are fresh for the one, unused entries leave after the other."""

    name: str
    fresh_for: float
    unused_for: float = 300.0

    def __post_init__(self) -> None:
        if self.fresh_for < 0 or self.unused_for < 0:
            raise ValueError(f"Times of a preset are seconds from 0 up; found {self!r}.")


REALTIME_BACKED = Preset("realtime_backed", 30.0)  # what writes and notifications keep up to date
STATIC_REFERENCE = Preset("static_reference", 300.0)  # models, LoRAs: hardly ever changed
FREQUENTLY_CHANGING = Preset("frequently_changing", 5.0)  # the state of tasks
USER_SETTINGS = Preset("user_settings", 120.0)
