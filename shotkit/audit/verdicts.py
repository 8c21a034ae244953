"""The closed list of verdicts: one word for each thing that can be wrong. Each audit's head names its own."""

__all__ = ["VERDICTS"]

VERDICTS = {
    "blob": "an address of a browser's memory, gone with its page",
    "cycle": "it is among its own ancestors",
    "different": "two that should be equal are not",
    "disabled": "a guard is there and does not act",
    "elsewhere": "what it points at is in another shot",
    "extra": "an entry without its link",
    "foreign": "it belongs to another generation, project or user",
    "gap": "two neighbours on the timeline are too far apart",
    "gone": "what it points at is not there",
    "invalid": "an index that the server does not use",
    "late": "the timeline does not start at 0",
    "legacy_shape": "a scalar where arrays are the rule",
    "malformed": "JSON of a wrong kind",
    "miscounted": "duplicates lost or added",
    "missing": "what should be there is not",
    "negative": "a frame below zero",
    "none": "none of what there should be one of",
    "orphan": "a child without a parent",
    "repeated": "what should be there once is there more often",
    "secondary": "a variant, but not the primary one",
    "self": "it points at itself",
    "several": "more than one of what there should be one of",
    "temporary": "an address of an upload that never ended",
    "unmarked": "it has a parent and is not marked as a child",
    "unordered": "the right frames in the wrong order",
    "unplaced": "what it points at is off the timeline",
    "unsafe": "a path that may lead out of its folder",
}
