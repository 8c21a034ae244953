"""The rules have only words that PostgreSQL, DuckDB and Spark all have and read alike."""

import re

import pytest

from shotkit import sql

AUDITS = sql.names("audits")
# The rules, what is read alike from a snapshot, and what the audit asks of every engine.
PORTABLE = {path: sql.text(path) for path in (*AUDITS, "audit/columns", "flat/snapshot")}

# A pattern of what not every engine has or reads alike: an example, and the reason.
NOT_PORTABLE = {
    r"::": ("x::int", "PostgreSQL and DuckDB only; cast(x as y) is everyone's"),
    r"->|#>|@>|<@": ("x -> 'a'", "operators of PostgreSQL's jsonb"),
    r"\?": ("x ? 'a'", "jsonb's in PostgreSQL, a placeholder elsewhere"),
    r"~|\bi?like\b|\brlike\b|\bregexp_|\bsimilar\b": ("x like 'a'", "patterns and escapes differ"),
    r"\bjsonb?\w*\b|\bparse_json\b": ("jsonb_each(x)", "sql/flat/ takes JSON apart"),
    r"%": ("x % 2", "doubled for placeholders in PostgreSQL"),
    r'["`]': ('x as "key"', "a name in one engine, a text in another"),
    r"\bfilter\s*\(": ("count(*) filter (where x)", "case in the aggregate is everyone's"),
    r"\blateral\b|\bunnest\b|\bexplode\b": ("unnest(x)", "sql/flat/ unfolds lists"),
    r"\barray\b|\[": ("x[1]", "literals and indices of lists differ; Spark counts from 0"),
    r"\b(?:array|string|list)_?agg\b|\bcollect_\w+": ("array_agg(x)", "each engine has another one"),
    r"\bdistinct\s+on\b|\bqualify\b|\bany_value\b|\barg_m\w+": ("distinct on (x)", "not everyone's"),
    r"\bmaterialized\b": ("x as materialized (", "not Spark's"),
    r"\bpg_\w+|\binformation_schema\b": ("from pg_class", "the catalogs differ: sql/flat/ reads them"),
    r"\b(?:any|all|some)\s*\(": ("x = any(y)", "over lists in one, over queries in another"),
    r"\bexists\s*\(|\bin\s*\(\s*select\b": ("exists (select 1)", "Spark has it in filters; join"),
    r"\bcollate\b": ("x collate c", "sql/flat/ orders by bytes"),
    r"\b(?:lower|upper|initcap)\s*\(": ("lower(x)", "by a locale in PostgreSQL; translate"),
    r"\bas\s+(?:text|string|int\d|numeric|varchar|decimal)\s*\)": ("cast(x as text)", "not everyone's"),
    r"\b(?:starts|ends)_?with\b|\bcontains\b": ("starts_with(x, 'a')", "left and right are everyone's"),
    r"\bstrpos\b|\binstr\b|\blocate\b": ("strpos(x, 'a')", "position(x in y) is everyone's"),
    r"\bsubstr(?:ing)?\b|\b\w*length\b": ("length(x)", "counted in bytes, letters or what looks like one"),
    r"\bstring_to_array\b|\bstring_split\b|\bsplit\s*\(": ("split(x, 'a')", "split_part is everyone's"),
    r"\bconcat_ws\b|\bformat\w*\s*\(|\bto_\w+\s*\(": ("to_char(x)", "formats differ"),
    r"\|\|": ("x || y", "one way to join texts: concat, of what is not NULL"),
    r"\busing\b|\bnatural\b": ("join y using (x)", "the columns that are left differ"),
    r"\b(?:group|order)\s+by\s+(?:\d|all\b)": ("order by 1", "a number is a constant in some"),
    r"\blimit\b|\boffset\b|\bfetch\b": ("limit 5", "a finding left out is a fault unheard of"),
    r"\bnow\s*\(|\bcurrent_\w+|\brand\w*\s*\(|\w*uuid\w*\s*\(": ("now()", "another answer on every run"),
    r"\bround\s*\(|\bfloor\s*\(|/|\bmod\s*\(|\bdiv\b": ("x / 2", "types and rounding differ"),
    r"\bgreatest\b|\bleast\b": ("least(x, y)", "NULL is passed by in some, and the answer in others"),
    r"\bpublic\.|\bserver\.": ("from public.shots", "a rule is over the relations of sql/flat/"),
}  # fmt: skip
READS_TABLES = r"\bpublic\.|\bserver\."


def without_comments(text: str) -> str:
    return re.sub(r"--.*", "", text)


def code(text: str) -> str:
    """The text in lower case without its comments, its literals empty."""
    return re.sub(r"'[^']*'", "''", without_comments(text)).lower()


@pytest.mark.parametrize("path", PORTABLE)
def test_a_rule_has_only_words_that_every_engine_has(path):
    text = code(PORTABLE[path])
    found = {match[0]: NOT_PORTABLE[word][1] for word in NOT_PORTABLE if (match := re.search(word, text))}
    if path == "flat/snapshot":
        found = {word: reason for word, reason in found.items() if not re.fullmatch(READS_TABLES, word)}
    assert found == {}


@pytest.mark.parametrize("path", PORTABLE)
def test_the_literals_of_a_rule_have_no_letter_that_an_engine_takes_for_another(path):
    # PostgreSQL's driver doubles one, Spark escapes with the other.
    assert not set("%\\") & set(without_comments(PORTABLE[path]))


@pytest.mark.parametrize(("word", "example"), [(w, says[0]) for w, says in NOT_PORTABLE.items()])
def test_each_word_of_the_list_is_found(word, example):
    assert re.search(word, code(example))


@pytest.mark.parametrize("path", AUDITS)
def test_a_rule_spells_out_where_null_sorts_and_ends_in_an_order(path):
    text = code(PORTABLE[path])
    assert all("nulls" in order for order in re.findall(r"order by frame[^,\n)]*", text))
    assert re.search(r"\border by [\w., ]+\s*$", text)
