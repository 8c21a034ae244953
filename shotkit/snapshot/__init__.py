"""Takes a snapshot: the core tables of one moment, as a folder of Parquet files under a manifest."""

from shotkit.snapshot.take import take

__all__ = ["take"]
