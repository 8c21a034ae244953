"""Changes of shots and variants as values, checked first, and stored by one transaction each."""

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
    Shift,
    Unplace,
)
from shotkit.mutate.links import Link, Links, Plan
from shotkit.mutate.shots import create_shot, duplicate_shot
from shotkit.mutate.take_back import take_back
from shotkit.mutate.upload import Uploaded, is_uploaded, upload
from shotkit.mutate.variant_intents import (
    AddVariant,
    DeleteVariant,
    MakePrimary,
    StarVariant,
    VariantIntent,
    ViewVariant,
)
from shotkit.mutate.variants import apply_to_variants

__all__ = [
    "Add",
    "AddVariant",
    "Change",
    "DeleteVariant",
    "Exchange",
    "Initialize",
    "Intent",
    "Link",
    "Links",
    "MakePrimary",
    "Move",
    "MoveTo",
    "Normalize",
    "Place",
    "Plan",
    "Remove",
    "Reorder",
    "SetPrompts",
    "Shift",
    "StarVariant",
    "Unplace",
    "Uploaded",
    "VariantIntent",
    "ViewVariant",
    "apply",
    "apply_to_variants",
    "create_shot",
    "duplicate_shot",
    "is_uploaded",
    "take_back",
    "upload",
]
