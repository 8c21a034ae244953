import re
from pathlib import Path
from uuid import uuid4

from tests.mutate.conftest import databases, stage

__all__ = ["databases", "stage"]

PAGE = (Path(__file__).parents[2] / "docs" / "journal.md").read_text("utf-8")


def test_the_snippets_of_the_page_run(stage, tmp_path, monkeypatch):
    monkeypatch.setenv("SHOTKIT_HOME", str(tmp_path))
    first, second = stage.links(0, 10)
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 6
    namespace = {
        "database": stage.database,
        "shot_id": stage.shot_id,
        "first": first,
        "second": second,
        "uuid4": uuid4,
    }
    for block in blocks:
        exec(compile(block, "docs/journal.md", "exec"), namespace)  # noqa: S102 -- our own page
    namespace["journal"].close()
    assert stage.frames() == {first: 0}
