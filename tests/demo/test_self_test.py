"""The auditor's test of itself: all found on sound rules, and a rule that is broken shows."""

import re

import psycopg
import pytest
from click.testing import CliRunner

from shotkit import sql
from shotkit.audit.catalog import catalog
from shotkit.cli import cli
from shotkit.demo.self_test import classes, self_test
from shotkit.engine import Database
from shotkit.errors import InvalidChangeError
from tests.audit.studio import Studio
from tests.load.conftest import World


@pytest.fixture
def demo(clone):
    """The small demo, which may only be read."""
    opened = Database(clone.conninfo, read_only=True)
    yield opened
    opened.close()


def by_class(result):
    return {(each.audit, each.verdict): each for each in result.classes}


def test_every_class_is_planted_and_found_and_nothing_else(demo):
    told = []
    result = self_test(demo, advance=lambda: told.append(1))
    assert result.ok
    assert result.generations == 60
    assert len(told) == len(classes()) == len(result.classes)
    of_the_rules = {(audit.number, verdict) for audit in catalog() for verdict in audit.verdicts}
    assert by_class(result).keys() == of_the_rules
    assert [each for each in result.classes if each.not_covered or not each.planted] == []
    assert {(each.recall, each.precision) for each in result.classes} == {(1.0, 1.0)}


@pytest.fixture
def broken(monkeypatch):
    """Breaks the text of a rule; the rules are as they were at the end."""
    read = sql.text

    def breaks(path, old, new):
        def text(wanted):
            return read(wanted).replace(old, new) if wanted == path else read(wanted)

        assert old in read(path)
        monkeypatch.setattr(sql, "text", text)
        sql.statement.cache_clear()

    yield breaks
    monkeypatch.undo()
    sql.statement.cache_clear()


def test_a_verdict_that_a_rule_forgot_is_seen_as_recall(demo, broken):
    broken("audits/0012_primary_variant_id_is_primary", "'gone'", "null")
    result = self_test(demo, ["0012"])
    assert not result.ok
    assert by_class(result)["0012", "gone"].recall == 0.0
    assert by_class(result)["0012", "missing"].recall == 1.0


def test_a_rule_that_finds_too_much_is_seen_as_precision(demo, broken):
    path = "audits/0061_complete_tasks_have_output"
    # Whoever has one task without output is told of all of them.
    broken(
        path, "where coalesce(", "where exists (select from complete_tasks where output is null) or coalesce("
    )
    found = by_class(self_test(demo, "0061"))["0061", "missing"]
    assert (found.recall, found.precision < 1) == (1.0, True)


def test_a_sample_is_whole_projects_and_the_database_is_only_read(demo, clone):
    with psycopg.connect(clone.conninfo) as connection:
        rows = "select md5(string_agg(to_jsonb(g)::text || xmin::text, '' order by id)) from generations as g"
        before = connection.execute(rows).fetchone()
        held = connection.execute("select count(*) from generations group by project_id").fetchall()
        result = self_test(demo, "0003", sample=1, seed=3)
        assert connection.execute(rows).fetchone() == before
    assert (result.generations,) in held
    assert result.ok


def test_faults_that_are_there_before_are_no_inventions(demo, clone):
    with psycopg.connect(clone.conninfo) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("update generations set shot_data = '{}' where type = 'image'")
        connection.execute("update shot_generations set timeline_frame = timeline_frame + 90")
        connection.execute("update generation_variants set is_primary = false where name is null")
    assert self_test(demo).ok


@pytest.fixture
def of_an_era(era_database, era):
    address = era_database(era)
    with psycopg.connect(address, autocommit=True) as connection:
        Studio(connection, newer=era != "s")
    opened = Database(address, read_only=True)
    yield opened
    opened.close()


def test_in_every_era_what_can_be_planted_is_found(of_an_era, era):
    result = self_test(of_an_era)
    assert [each for each in result.classes if each.planted != each.found or each.invented] == []
    not_covered = {each.audit for each in result.classes if each.not_covered}
    assert ("0025" in not_covered) is (era == "s")
    # The studio has too few rows for some classes; of the guards none needs any.
    assert {audit.number for audit in catalog()[-4:]} <= {
        each.audit for each in result.classes if each.planted
    }
    if era == "s":
        assert "into lists" in by_class(result)["0001", "missing"].not_covered


def test_a_database_without_projects_is_refused(database):
    opened = Database(database)
    with pytest.raises(InvalidChangeError, match="no project"):
        self_test(opened)
    opened.close()


def test_what_there_is_no_room_for_is_told(clone, monkeypatch):
    monkeypatch.setattr("shotkit.demo.self_test._COUNTS", (10_000,))
    done = CliRunner().invoke(cli, ["audit", "--url", clone.conninfo, "--self-test", "--only", "0062"])
    assert "not covered: 0062 missing: There is room for" in done.output


def test_the_command_tells_it_beside_the_report(clone, broken):
    command = ["audit", "--url", clone.conninfo, "--self-test", "--only"]
    done = CliRunner().invoke(cli, [*command, "0062,0072"])
    assert done.exit_code == 0
    assert re.search(r"0062 +missing +5 +5 +0 +1\.0 +1\.0", done.output)
    assert re.search(r"0072 +invalid +1 +1 +0 +1\.0 +1\.0", done.output)
    assert "Self-test on a copy of 60 generations: all that was planted was found" in done.output
    broken("audits/0061_complete_tasks_have_output", "= ''", "= 'x'")
    done = CliRunner().invoke(cli, [*command, "0061", "--format", "json"])
    assert done.exit_code == 3
    assert done.stdout.startswith("{")
    assert "NOT TO BE TRUSTED" in done.stderr
    assert "recall" not in done.stdout


def test_a_snapshot_cannot_be_tested_so(tmp_path):
    assert CliRunner().invoke(cli, ["audit", "--snapshot", str(tmp_path), "--self-test"]).exit_code != 0


def test_hostile_rows_are_copied_as_they_are(database):
    with psycopg.connect(database, autocommit=True) as connection:
        world = World(connection)
        text = '\'; drop table generations; -- %s \\ \u2028 \U0001f600 {"a": 1}'
        world.link(
            world.shot(text), world.generation(name=text, params=psycopg.types.json.Jsonb({"k": text})), 0
        )
    opened = Database(database, read_only=True)
    result = self_test(opened, "0005")
    assert (result.ok, result.generations) == (True, 1)
    opened.close()


def test_every_class_is_of_the_catalog():
    assert {audit for audit, _ in classes()} == {audit.number for audit in catalog()}
