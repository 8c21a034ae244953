"""Where shot_data (stored) disagrees with the links (expected), entry by entry."""

import pandas as pd
import pyarrow as pa

from shotkit.model.tables import DRIFT

__all__ = ["find_drift"]

_NO_FRAME = 2**62  # stands for NULL among the keys: sorts behind every frame
_VERDICTS = {"left_only": "extra", "right_only": "missing", "both": "different"}


def find_drift(images: pa.Table, links: pa.Table) -> pa.Table:
    """Return a table of DRIFT: entries are matched by generation and frame, what is left by generation.

    A link without entry is `missing`, an entry without link `extra`, two that are left `different`.
    """
    if _sorted(images, []).equals(_sorted(links, [])):
        return DRIFT.empty_table()
    return _told(*_unmatched(_entries(_sorted(images, [])), _entries(_sorted(links, ["id"]))))


def _sorted(table: pa.Table, more: list[str]) -> pa.Table:
    names = ["generation_id", "timeline_frame", *more]
    return table.select(names).sort_by([(name, "ascending") for name in names]).combine_chunks()


def _entries(table: pa.Table) -> pd.DataFrame:
    rows: pd.DataFrame = table.rename_columns({"timeline_frame": "frame"}).to_pandas(
        types_mapper=pd.ArrowDtype
    )
    rows["frame"] = rows["frame"].fillna(_NO_FRAME).astype("int64")
    rows["ordinal"] = rows.groupby(["generation_id", "frame"]).cumcount()
    return rows


def _unmatched(stored: pd.DataFrame, expected: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    keys = ["generation_id", "frame", "ordinal"]
    both = stored.merge(expected, on=keys, how="outer", indicator="side")
    frames = both["frame"].astype(pd.ArrowDtype(pa.int64()))
    both["frame"] = frames.mask(frames == _NO_FRAME)
    both["nth"] = both.groupby(["side", "generation_id"], observed=True).cumcount()
    left, right = (both[both["side"] == side] for side in ("left_only", "right_only"))
    return left[["generation_id", "nth", "frame"]], right[["generation_id", "nth", "frame", "id"]]


def _told(stored: pd.DataFrame, expected: pd.DataFrame) -> pa.Table:
    pairs = stored.rename(columns={"frame": "stored"}).merge(
        expected.rename(columns={"frame": "expected"}),
        on=["generation_id", "nth"],
        how="outer",
        indicator="side",
    )
    pairs["verdict"] = pairs["side"].astype(pd.ArrowDtype(pa.string())).map(_VERDICTS)
    told = pa.Table.from_pandas(pairs[DRIFT.names], schema=DRIFT, preserve_index=False)
    return told.replace_schema_metadata(None)
