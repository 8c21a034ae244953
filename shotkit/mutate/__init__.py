"""Changes of shots as values, checked before anything is sent, and stored by one transaction each."""

from shotkit.mutate.apply import apply
from shotkit.mutate.change import Change
from shotkit.mutate.entries import Add, Remove, SetPrompts
from shotkit.mutate.intents import (
    Exchange,
    Initialize,
    Intent,
    Move,
    MoveTo,
    Normalize,
    Place,
    Reorder,
    Unplace,
)
from shotkit.mutate.links import Link, Links, Plan

__all__ = [
    "Add",
    "Change",
    "Exchange",
    "Initialize",
    "Intent",
    "Link",
    "Links",
    "Move",
    "MoveTo",
    "Normalize",
    "Place",
    "Plan",
    "Remove",
    "Reorder",
    "SetPrompts",
    "Unplace",
    "apply",
]
