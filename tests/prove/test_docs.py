"""docs/proving.md: its Python runs, and it knows the results and the counts there are."""

import re
from pathlib import Path

from shotkit.prove.tried import Result

PAGE = Path(__file__).parents[2].joinpath("docs/proving.md").read_text("utf-8")


def test_its_python_runs(database, monkeypatch):
    [code] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    monkeypatch.setenv("SHOTKIT_URL", database)
    names = {}
    exec(code.replace("2_000", "40"), names)  # noqa: S102  the page's own code is what is tested
    assert names["proof"].holds


def test_it_tells_every_result():
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == set(Result.__args__)
