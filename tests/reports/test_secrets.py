"""No form of a report shows a token or a password, wherever it stood."""

import psycopg
import pytest

from shotkit.audit import Baseline, run
from shotkit.engine import Database
from tests.audit.studio import IDS, Studio
from tests.reports.made import SECRET, hostile

FORMS = ("to_json", "to_jsonl", "to_junit", "to_sarif", "to_github", "to_summary", "to_html", "_repr_html_")
ADDRESS = f"https://files.example/storage/v1/object/sign/a.png?token={SECRET}"


def forms(report):
    yield from (getattr(report, form)() for form in FORMS)
    yield Baseline.of(report).to_json()
    yield report.findings.to_csv()


def test_tokens_in_hostile_texts_are_not_shown():
    for text in forms(hostile()):
        assert SECRET not in text


@pytest.mark.parametrize(
    "broken",
    [
        "update generations set name = '{address}' where id = '{image}'",
        "update generations set shot_data = '{{\"{address}\": [\"{address}\"]}}' where id = '{image}'",
        "update generations set shot_data = '\"{address}\"' where id = '{image}'",
        "update tasks set output_location = 'blob:{address}' where id = '{made}'",
    ],
)
def test_tokens_in_any_column_are_not_shown(database, broken):
    with psycopg.connect(database, autocommit=True) as connection:
        Studio(connection)
        connection.execute("set session_replication_role = replica")
        connection.execute(broken.format(address=ADDRESS, **IDS))
    db = Database(database)
    report = run(db)
    db.close()
    assert not report.ok
    for text in forms(report):
        assert SECRET not in text
