"""`shotkit audit --against`: what it prints, its exit codes, and what it refuses."""

import json
import re
from contextlib import closing
from pathlib import Path

import pytest

import shotkit
from shotkit.engine import Database
from shotkit.errors import ConfigurationError
from shotkit.kit import Kit

ON_ONE_SERVER = "a command; its statements are tested on every one beside it"
PAGE = (Path(__file__).parents[2] / "docs" / "comparing.md").read_text("utf-8")


def test_what_is_the_same_is_exit_0_and_says_what_was_compared(shotkit_audit, filled_database, demo_snapshot):
    code, printed, told = shotkit_audit("--url", filled_database, "--against", demo_snapshot.folder)
    assert (code, told) == (0, "")
    assert printed.startswith("<Comparison: 356 rows here, 356 there>\nhere: host=")
    assert printed.endswith(f"there: snapshot {demo_snapshot.folder}\n8 tables: the same\n")


def test_what_differs_is_exit_1_in_every_form(shotkit_audit, copy, copied, demo_snapshot, tmp_path):
    (id_,) = copy.execute(
        "update shots set name = 'https://u:s3cr3t@a.example/?token=s3cr3t' "
        "where id = (select id from shots limit 1) returning id::text"
    ).fetchone()
    given = ("--snapshot", demo_snapshot.folder, "--against", copied)
    row = {"table": "shots", "id": id_, "change": "changed", "columns": "name"}
    code, printed, _ = shotkit_audit(*given, "--format", "jsonl")
    assert (code, [json.loads(line) for line in printed.splitlines()]) == (1, [row])
    file = tmp_path / "differences.json"
    code, printed, told = shotkit_audit(*given, "--format", "json", "--output", file)
    assert (code, printed) == (1, "")
    assert "shots: 1 changed" in told
    whole = json.loads(file.read_text("utf-8"))
    assert whole["differences"] == [row]
    assert {each["table"]: each["changed"] for each in whole["tables"]}["shots"] == 1
    code, printed, _ = shotkit_audit(*given)
    assert code == 1
    assert re.search(rf"^ *shots +{id_} +changed +name *$", printed, re.MULTILINE)
    assert "s3cr3t" not in printed + told + file.read_text("utf-8")


def test_what_could_not_be_compared_is_exit_4(shotkit_audit, copy, copied, filled_database):
    copy.execute("alter table shots drop column aspect_ratio")
    code, printed, _ = shotkit_audit("--url", copied, "--against", filled_database)
    assert code == 4
    assert "shots.aspect_ratio: not compared, only " in printed
    (user,) = copy.execute("select id::text from users limit 1").fetchone()
    code, printed, _ = shotkit_audit(
        "--url", filled_database, "--against", filled_database, "--user-id", user, "--format", "jsonl"
    )
    assert (code, printed.strip()) == (0, ""), "the same user's part on both sides"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--only", "0001"), "leave --only out"),
        (("--engine", "duckdb"), "leave --engine out"),
        (("--baseline", "a", "--self-test"), "leave --self-test, --baseline out"),
        (("--format", "junit"), "--against writes table, json, jsonl"),
        (("--against", "nowhere/at/all"), "'nowhere/at/all', is no folder"),
    ],
)
def test_what_belongs_to_audits_is_refused(shotkit_audit, demo_snapshot, options, said):
    folder = demo_snapshot.folder
    code, printed, told = shotkit_audit("--snapshot", folder, "--against", folder, *options)
    assert (code, printed) == (2, "")
    assert said in told


def test_a_kit_compares_with_an_address_a_folder_and_a_kit(filled_database, demo_snapshot):
    with closing(Database(filled_database)) as database, Kit(database) as kit:
        assert kit.compare(filled_database).ok
        assert kit.compare(demo_snapshot.folder).ok
        with pytest.raises(ConfigurationError, match="found None"):
            kit.compare(None)
        with shotkit.connect(demo_snapshot.folder) as other:
            assert other.compare(kit).ok
            assert other.compare(other)._repr_html_().startswith("<pre>&lt;Comparison: 356 rows here")


def test_the_snippet_of_the_page_runs(filled_database, demo_snapshot, monkeypatch, tmp_path):
    (tmp_path / "friday").symlink_to(demo_snapshot.folder)
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    with closing(Database(filled_database)) as database:
        names = {"kit": Kit(database), "shotkit": shotkit}
        exec(compile(block, "docs/comparing.md", "exec"), names)  # noqa: S102  the page's own code
    assert names["comparison"].ok
    for name in ("differences", "tables", "skipped", "ok"):
        assert f"| `{name}` |" in PAGE
        assert hasattr(names["comparison"], name)
