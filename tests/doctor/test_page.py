"""docs/doctor.md tells of every danger, and the command says what the page says of it."""

import json
import re
from pathlib import Path

import psycopg
from click.testing import CliRunner, Result

from shotkit.cli import cli
from shotkit.doctor import KINDS
from shotkit.engine import Database
from shotkit.kit import Kit
from tests.doctor.plants import PLANTS

ON_ONE_SERVER = "what it asks of the server is tested elsewhere on each"
PAGE = (Path(__file__).parents[2] / "docs" / "doctor.md").read_text("utf-8")


def test_the_page_has_each_danger_with_its_level_and_no_other():
    rows = re.findall(r"^\| (`[^|]*) \| (error|warning|info) \|", PAGE, re.MULTILINE)
    told = {name: level for names, level in rows for name in re.findall(r"`(\w+)`", names)}
    assert told == {name: kind.level for name, kind in KINDS.items()}


def test_the_snippet_of_the_page_runs(database):
    [code] = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    with Kit(Database(database)) as kit:
        exec(compile(code, "docs/doctor.md", "exec"), {"kit": kit})  # noqa: S102  our own page


def test_the_command_prints_what_is_found_and_exits_as_the_audits_do(database, empty_database, tmp_path):
    def asked(*options: str, url: str = database) -> Result:
        return CliRunner().invoke(cli, ["doctor", "--url", url, *options])

    def code(*options: str, url: str = database) -> int:
        return asked(*options, url=url).exit_code

    assert asked().stdout.startswith("<Diagnosis: nothing dangerous found>")
    assert (code("--fail-on", "info"), code(url=empty_database)) == (0, 4)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(PLANTS["an update that is not checked"].breaks)
        assert (code(), code("--fail-on", "warning")) == (0, 1)
        connection.execute(PLANTS["hostile names"].breaks)
        done = asked()
        assert (done.exit_code, done.stderr) == (1, "")
        assert '\n    "; drop table shots; --\\u000a: No row level security' in done.stdout
        file = tmp_path / "diagnosis.json"
        assert code("--format", "json", "--output", str(file)) == 1
        document = json.loads(file.read_text("utf-8"))
        assert [danger["danger"] for danger in document["dangers"]] == ["table_unsecured", "update_unchecked"]
        assert document["capabilities"]["server_version"]
