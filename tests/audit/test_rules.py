"""The texts of the audits: portable, ordered, of one shape, and each with a head that says its level."""

import re
from pathlib import Path

import pytest

from shotkit import sql
from shotkit.audit import run
from shotkit.audit.catalog import LEVELS, catalog, chosen
from shotkit.audit.flat import FILES, needed, over_flat, relations
from shotkit.audit.report import COLUMNS
from shotkit.audit.verdicts import VERDICTS
from shotkit.errors import ConfigurationError

AUDITS = sql.names("audits")
GUARDS = ["0071", "0072", "0073", "0074"]


def without_comments(text: str) -> str:
    return re.sub(r"--.*", "", text)


def without_strings(text: str) -> str:
    return re.sub(r"'[^']*'", "''", text)


@pytest.mark.parametrize("path", AUDITS)
def test_an_audit_is_over_flat_relations_alone_and_calls_none_of_its_own_like_one(path):
    text = without_strings(without_comments(sql.text(path)))
    own = set(re.findall(r"(?:with|with recursive|,)\s+(\w+)(?: \([\w, ]+\))? as \(", text))
    assert not own & relations().keys()
    assert set(re.findall(r"\b(?:from|join)\s+(\w+)(?![\w.])", text)) <= own | relations().keys()


@pytest.mark.parametrize("path", AUDITS)
def test_an_audit_has_the_verdicts_of_its_head_and_no_other(path):
    text = without_comments(sql.text(path))
    said = set(re.findall(r"\b(?:then|else|select)\s+'(\w+)'(?=\s+(?:when|else|end|as verdict))", text))
    listed = {audit.name: audit.verdicts for audit in catalog()}[path.removeprefix("audits/")]
    assert said & VERDICTS.keys() == set(listed)


def test_each_verdict_of_the_list_is_some_audits():
    assert {verdict for audit in catalog() for verdict in audit.verdicts} == VERDICTS.keys()


@pytest.mark.parametrize("audit", catalog(), ids=lambda audit: audit.name)
def test_what_an_audit_examines_is_a_relation(audit):
    assert audit.examines in relations()


@pytest.mark.parametrize("engine", FILES)
def test_each_relation_is_some_audits_and_ends_where_the_next_begins(engine):
    used = {"column_rights", "generations", "links"}
    for path in AUDITS:
        used |= {relation.name for relation in needed(sql.text(path), engine)}
    assert used == relations(engine).keys()
    texts = [sql.text(f"flat/{file}") for file in FILES[engine]]
    assert re.findall(r"^(\w+) as ", "\n".join(texts), re.MULTILINE) == list(relations(engine))


def test_an_engine_that_there_is_not_is_told():
    with pytest.raises(ConfigurationError, match="'oracle'; there are: postgres, duckdb"):
        relations("oracle")


def test_only_the_guards_need_a_live_server():
    assert {audit.name for audit in catalog() if audit.live} == {a.name for a in chosen(GUARDS)}


@pytest.mark.parametrize("path", AUDITS)
def test_an_audit_says_its_purpose_and_level(path):
    statement = sql.statement(path)
    assert re.fullmatch(r"audits/\d{4}_\w+", statement.path)
    assert statement.purpose
    assert statement.head["level"] in LEVELS


@pytest.mark.only_on("own", "j", "a", because="S lacks a column that 0025 reads")
def test_the_union_of_all_audits_has_the_columns_of_a_finding(world):
    texts = [over_flat(path).text for path in AUDITS]
    cursor = world.connection.execute(" union all ".join(f"({text})" for text in [*texts, *texts]), {})
    assert [column.name for column in cursor.description] == list(COLUMNS[2:])


@pytest.mark.only_on("own", "j", "a", because="S lacks a column that 0025 reads")
def test_the_audits_need_only_the_columns_that_their_relations_name(world, db):
    reads = frozenset().union(*(audit.reads for audit in catalog()))
    there = world.connection.execute(
        "select table_name, column_name from information_schema.columns where table_name = any(%s)",
        [[table for table, _ in reads]],
    )
    for table, column in set(there) - reads:
        world.connection.execute(f"alter table {table} drop column {column} cascade")
    assert run(db).ok


def test_without_a_choice_all_audits_are_chosen():
    assert [audit.name for audit in chosen(None)] == [path.removeprefix("audits/") for path in AUDITS]


@pytest.mark.parametrize("only", ["0001", "0001_shot_data_matches_links", ["0001"], ("0001", "0001")])
def test_an_audit_is_chosen_by_its_number_or_its_name(only):
    assert [audit.name for audit in chosen(only)] == ["0001_shot_data_matches_links"]


@pytest.mark.parametrize(
    "only", ["9999", "1", "shot_data_matches_links", "", [], ["0001", "0002x"], "0001,0001"]
)
def test_an_unknown_audit_is_refused_with_the_list_of_those_there_are(only):
    with pytest.raises(ConfigurationError, match="0001_shot_data_matches_links"):
        chosen(only)


PAGES = Path(__file__).parents[2] / "docs" / "audits"


@pytest.mark.parametrize("audit", catalog(), ids=lambda audit: audit.name)
def test_an_audit_has_a_page_with_its_level_and_verdicts_and_stands_in_the_list(audit):
    page = (PAGES / f"{audit.name}.md").read_text("utf-8")
    assert page.startswith(f"# {audit.name}\n")
    assert f"Level: **{audit.level}**" in " ".join(page.split())
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == set(audit.verdicts)
    assert "## How it comes about\n" in page
    assert "## What to do\n" in page
    listed = (PAGES / "README.md").read_text("utf-8")
    assert f"| [{audit.name}]({audit.name}.md) | {audit.level} | {audit.purpose} |\n" in listed


@pytest.mark.only_on("own", "j", "a", because="S lacks a column that 0025 reads")
@pytest.mark.parametrize("audit", catalog(), ids=lambda audit: audit.name)
def test_an_audit_whose_column_is_missing_is_skipped_and_says_which(world, db, audit):
    for table, column in sorted(audit.reads):
        with world.connection.transaction():
            world.connection.execute(f"alter table {table} rename {column} to set_aside")
        report = run(db, audit.number)
        assert (len(report.audits), report.ok) == (0, False)
        assert report.coverage["skipped"] == [
            {"audit": audit.name, "reason": f"the database has no {table}.{column}"}
        ]
        world.connection.execute(f"alter table {table} rename set_aside to {column}")
    assert run(db, audit.number).audits
