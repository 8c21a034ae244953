"""Compares two stores, live or snapshots, by checksums of blocks of their rows."""

from shotkit.compare.result import Comparison
from shotkit.compare.run import compare

__all__ = ["Comparison", "compare"]
