"""Who may import whom: the rows of the house, top first. A module imports only from rows above its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import shotkit

PACKAGE = Path(shotkit.__file__).parent
ROWS = (
    {"errors"},
    {"sql", "plain", "progress", "secret", "given", "model", "query"},
    {"engine"},
    {"schema", "load", "audit", "snapshot", "compare", "storage", "realtime", "journal"},
    {"mutate", "prove", "doctor"},
    {
        "session",
        "listing",
        "sight",
        "writes",
        "undo",
        "edits",
        "checks",
        "kit",
        "shot",
        "generation",
        "upload",
    },
    {"widgets", "plot", "export"},
    {"cli", "magics", "demo", "testing", "__main__"},
)
ROW = {name: number for number, row in enumerate(ROWS) for name in row}
# Within a row, only these: handles share a session, a kit hands them out, the command line runs the demo,
# a snapshot stores what the audits read of a server, a comparison leaves out what a snapshot does, realtime
# asks what its triggers are.
SIDEWAYS = {
    ("snapshot", "audit"),
    ("compare", "snapshot"),
    ("realtime", "schema"),
    ("given", "secret"),
    ("writes", "session"),
    ("listing", "session"),
    ("kit", "checks"),
    ("kit", "listing"),
    ("shot", "listing"),
    ("edits", "session"),
    ("edits", "sight"),
    ("generation", "sight"),
    ("edits", "writes"),
    ("undo", "session"),
    ("undo", "writes"),
    ("edits", "undo"),
    ("kit", "undo"),
    ("shot", "writes"),
    ("generation", "writes"),
    ("kit", "writes"),
    ("kit", "upload"),
    ("upload", "session"),
    ("upload", "shot"),
    ("upload", "writes"),
    ("shot", "edits"),
    ("shot", "session"),
    ("shot", "generation"),
    ("generation", "session"),
    ("kit", "session"),
    ("kit", "shot"),
    ("kit", "generation"),
    ("cli", "demo"),
    ("__main__", "cli"),
}
# Narrower than their row: the judge shares no code with the rule it judges; the query client stands alone.
ONLY = {"errors": set(), "query": set(), "audit": {"errors", "sql", "plain", "progress", "secret", "engine"}}


def imports(file: Path) -> Iterator[str]:
    """The members of shotkit's rows that a file imports, wherever in the file it does so."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}: imports are absolute"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("shotkit."))


def allowed(importer: str, imported: str) -> bool:
    if importer == imported:
        return True
    if importer in ONLY:
        return imported in ONLY[importer]
    return ROW[imported] < ROW[importer] or (importer, imported) in SIDEWAYS


FILES = sorted(file for file in PACKAGE.rglob("*.py") if file != PACKAGE / "__init__.py")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_rows_above_its_own(file):
    importer = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
    assert importer in ROW, f"{importer} has no row in the house"
    wrong = {name for name in imports(file) if name in ROW and not allowed(importer, name)}
    assert not wrong, f"{importer} imports {wrong} from its own row or below"


def test_the_rule_itself_can_fail(tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "def f():\n    from shotkit.kit import Kit\n    import shotkit.cli\n    from shotkit import load\n"
    )
    assert list(imports(wrong)) == ["kit", "cli", "load"]
    assert not allowed("load", "kit")
    assert not allowed("audit", "model")
    assert not allowed("shot", "kit")
    assert allowed("load", "model")
