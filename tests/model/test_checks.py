"""Checking rows: quickly as strictly as slowly, and by several threads at once in a fresh interpreter."""

import subprocess
import sys

import pyarrow as pa
import pytest

from shotkit import SchemaMismatchError
from shotkit.model.checks import checked, stated
from shotkit.model.tables import GENERATIONS, TIMELINE, frame

AT_ONCE = """
import threading
import time

from shotkit.model.checks import checked
from shotkit.model.tables import GENERATIONS, IMAGES, LINKS, TIMELINE, frame

def check(schema, wait):
    time.sleep(wait)
    checked(frame(schema.empty_table()), schema, "rows")

threads = [
    threading.Thread(target=check, args=(schema, 0.02 * place))
    for place, schema in enumerate((GENERATIONS, TIMELINE, LINKS, IMAGES) * 3)
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_the_first_checks_of_several_threads_do_not_lock_each_other_out():
    done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


ROWS = (
    [],
    [("a", 0), ("b", 0), ("c", 50)],
    [("a", 0), ("a", 50)],
    [("a", 0), (None, 50)],
    [("a", 0), ("b", None)],
    [("a", -1), ("b", 50)],
    [("a", 50), ("b", 0)],
)


def refused(call, *given) -> bool:
    try:
        call(*given)
    except SchemaMismatchError:
        return True
    return False


@pytest.mark.parametrize("schema", [GENERATIONS, TIMELINE], ids=["generations", "timeline"])
@pytest.mark.parametrize("rows", ROWS, ids=str)
def test_arrow_refuses_exactly_what_is_refused_column_by_column(rows, schema):
    right = {"string": "x", "bool": False, "int64": 0, "timestamp[us, tz=UTC]": 0}
    columns = {field.name: [right[str(field.type)]] * len(rows) for field in schema}
    columns |= {"id": [id_ for id_, _ in rows], "timeline_frame": [place for _, place in rows]}
    table = pa.table(columns, schema=pa.schema([(field.name, field.type) for field in schema]))
    assert refused(stated, table, schema, "rows") == refused(checked, frame(table), schema, "rows")


@pytest.mark.parametrize(
    "wrong", [GENERATIONS.remove(3), GENERATIONS.set(3, pa.field("location", pa.int64()))]
)
def test_other_columns_or_types_are_refused(wrong):
    with pytest.raises(SchemaMismatchError):
        stated(wrong.empty_table(), GENERATIONS, "rows")
