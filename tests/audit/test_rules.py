"""The texts of the audits: portable, ordered, of one shape, and each with a head that says its level."""

import re

import pytest

from shotkit import sql
from shotkit.audit import run
from shotkit.audit.catalog import LEVELS, catalog, chosen
from shotkit.audit.flat import over_flat
from shotkit.audit.report import COLUMNS
from shotkit.errors import ConfigurationError

AUDITS = sql.names("audits")
# What another engine does not have, or reads otherwise.
ONE_ENGINE_ONLY = re.compile(
    r"::|->|#>|@>|~|\?|%|\bjsonb?\w*\(|\bjsonb\b|\bfilter\s*\(|\blateral\b|\barray_agg\b|\bstring_agg\b|\bunnest\b|"
    r"\bdistinct\s+on\b|\bmaterialized\b|\bilike\b|\bpublic\.|\bpg_|\bany\s*\(|\breturning\b|\bcollate\b|\btext\b|"
    r"\bexists\s*\(|\busing\b|\bas\s+integer\b|\bgroup\s+by\s+\d|\border\s+by\s+\d"
)


def without_comments(text: str) -> str:
    return re.sub(r"--.*", "", text)


@pytest.mark.parametrize("path", AUDITS)
def test_an_audit_has_only_words_that_every_engine_has(path):
    assert ONE_ENGINE_ONLY.findall(without_comments(sql.text(path)).lower()) == []


@pytest.mark.parametrize(
    "text", ["x::int", "a ? 'b'", "jsonb_each(x)", "array_agg(x)", "from public.shots", "x->'a'"]
)
def test_the_list_of_words_can_fail(text):
    assert ONE_ENGINE_ONLY.search(text)


@pytest.mark.parametrize("path", AUDITS)
def test_an_audit_spells_out_where_null_sorts_and_ends_in_an_order(path):
    text = without_comments(sql.text(path))
    assert all("nulls" in order for order in re.findall(r"order by frame[^,\n)]*", text))
    assert re.search(r"\border by [\w., ]+\s*$", text)


@pytest.mark.parametrize("path", AUDITS)
def test_an_audit_says_its_purpose_and_level(path):
    statement = sql.statement(path)
    assert re.fullmatch(r"audits/\d{4}_\w+", statement.path)
    assert statement.purpose
    assert statement.head["level"] in LEVELS


def test_the_union_of_all_audits_has_the_columns_of_a_finding(world):
    texts = [over_flat(path).text for path in AUDITS]
    cursor = world.connection.execute(" union all ".join(f"({text})" for text in [*texts, *texts]), {})
    assert [column.name for column in cursor.description] == list(COLUMNS[2:])


def test_the_audits_need_only_the_columns_that_their_heads_name(world, db):
    reads = frozenset().union(*(audit.reads for audit in catalog()))
    there = world.connection.execute(
        "select table_name, column_name from information_schema.columns where table_name = any(%s)",
        [[table for table, _ in reads]],
    )
    for table, column in set(there) - reads:
        world.connection.execute(f"alter table {table} drop column {column} cascade")
    assert run(db).ok


@pytest.mark.parametrize("only", ["0001", "0001_shot_data_matches_links", ["0001"], ("0001", "0001"), None])
def test_an_audit_is_chosen_by_its_number_or_its_name(only):
    assert [audit.name for audit in chosen(only)] == ["0001_shot_data_matches_links"]


@pytest.mark.parametrize(
    "only", ["9999", "1", "shot_data_matches_links", "", [], ["0001", "0002x"], "0001,0001"]
)
def test_an_unknown_audit_is_refused_with_the_list_of_those_there_are(only):
    with pytest.raises(ConfigurationError, match="0001_shot_data_matches_links"):
        chosen(only)
