"""docs/editing.md: its snippets run, and it names every change there is."""

import re
from pathlib import Path

from shotkit.edits import Edits

PAGE = (Path(__file__).parents[2] / "docs" / "editing.md").read_text("utf-8")


def test_the_snippets_of_the_page_run(stage, kit, kits):
    stage.links(0, 40, 100, None)
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 5
    namespace = {"kit": kit, "colleague": kits()}
    for block in blocks:
        exec(compile(block, "docs/editing.md", "exec"), namespace)  # noqa: S102  our own page


def test_the_page_names_every_change_of_a_shot():
    changes = {name for name in vars(Edits) if not name.startswith("_")} - {"apply", "follow"}
    assert changes - set(re.findall(r"`shot\.(\w+)\(", PAGE)) == set()
