"""Statements: each file's head agrees with its text, or loading it fails and names the file."""

from pathlib import Path

import pytest

from shotkit import sql
from shotkit.errors import ConfigurationError

ROOT = Path(sql.__file__).parent.parent / "sql"
# flat/ holds parts of statements, composed by the audit.
STATEMENTS = sorted(
    p.relative_to(ROOT).as_posix()[:-4] for p in ROOT.rglob("*.sql") if p.parent.name != "flat"
)


@pytest.fixture
def written(tmp_path, monkeypatch):
    def write(name: str, text: str) -> str:
        (tmp_path / f"{name}.sql").write_text(text)
        return name

    monkeypatch.setattr(sql, "_root", lambda: tmp_path)
    for cached in (sql.statement, sql.text, sql.names):
        cached.cache_clear()
    yield write
    for cached in (sql.statement, sql.text, sql.names):
        cached.cache_clear()


@pytest.mark.parametrize("path", STATEMENTS)
def test_a_statement_has_a_purpose_and_takes_what_it_uses(path):
    assert sql.statement(path).purpose


def test_two_statements_never_share_a_path_or_a_name_in_their_folder():
    names = [(path.rpartition("/")[0], sql.statement(path).name) for path in STATEMENTS]
    assert len(names) == len(set(names))


def test_an_undeclared_parameter_fails_and_names_the_file(written):
    path = written("one", "-- one: for a test.\nselect %(a)s, %%(b)s")
    with pytest.raises(ConfigurationError, match=r"sql/one\.sql says it takes \[\] but uses \['a'\]"):
        sql.statement(path)


def test_an_unused_parameter_fails_and_names_the_file(written):
    path = written("one", "-- one: for a test.\n-- takes: a, b\nselect %(a)s")
    with pytest.raises(ConfigurationError, match=r"takes \['a', 'b'\] but uses \['a'\]"):
        sql.statement(path)


def test_a_head_of_another_name_fails(written):
    path = written("0001_one", "-- two: for a test.\nselect 1")
    with pytest.raises(ConfigurationError, match="must open with `-- one:"):
        sql.statement(path)


def test_a_missing_file_fails(written):
    with pytest.raises(ConfigurationError, match=r"without sql/none\.sql"):
        sql.statement("none")


def test_a_number_before_the_name_orders_a_folder_and_is_no_part_of_the_head(written):
    written("0002_b", "-- b: second.\nselect 2")
    written("0001_a", "-- a: first.\n-- level: error\nselect 1")
    found = [sql.statement(path.lstrip("/.")) for path in sql.names(".")]
    assert [(s.name, s.purpose, s.head) for s in found] == [
        ("0001_a", "first.", {"level": "error"}),
        ("0002_b", "second.", {}),
    ]
