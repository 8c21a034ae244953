import re
from pathlib import Path

import pytest

from shotkit import query

PAGE = (Path(__file__).parents[2] / "docs" / "query.md").read_text("utf-8")


def test_the_snippets_of_the_page_run():
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 6
    namespace = {}
    for block in blocks:
        exec(compile(block, "docs/query.md", "exec"), namespace)  # noqa: S102 -- our own page


@pytest.mark.parametrize(
    "name", ["REALTIME_BACKED", "STATIC_REFERENCE", "FREQUENTLY_CHANGING", "USER_SETTINGS"]
)
def test_the_table_of_presets_is_true(name):
    (number, unit) = re.search(rf"`{name}`.*?\| (\d+) (s|min) \|", PAGE).groups()
    assert getattr(query, name).fresh_for == int(number) * {"s": 1, "min": 60}[unit]
