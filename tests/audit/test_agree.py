"""Reports of several engines: one that says anything else than the first is refused."""

from dataclasses import replace

import pyarrow as pa
import pytest

from shotkit.audit import refuse_disagreement, run
from shotkit.audit.report import Report
from shotkit.errors import CouldNotCompleteError
from tests.audit.world import G, S


@pytest.fixture
def report(world, db) -> Report:
    world.build({G[0]: f'{{"{S[0]}": [1]}}', G[1]: f'{{"{S[0]}": [2]}}'}, [])
    return run(db, ["0001", "0002"])


def test_reports_that_say_the_same_agree(report):
    refuse_disagreement([report])
    refuse_disagreement([report, replace(report, engine="duckdb"), replace(report, engine="spark")])


def changed(report: Report) -> Report:
    stored = [report.rows["stored"][0].as_py(), "[3]"]
    place = report.rows.schema.get_field_index("stored")
    return replace(report, rows=report.rows.set_column(place, "stored", pa.array(stored)))


OTHERWISE = {
    "a finding less": (lambda r: replace(r, rows=r.rows[:1]), f"1 .* {G[1]}/{S[0]} of postgres"),
    "a finding more": (lambda r: replace(r, rows=r.rows.take([0, 0, 1])), f"{G[0]}/{S[0]} of duckdb"),
    "another text": (changed, "2 findings are of one alone"),
    "another order": (lambda r: replace(r, rows=r.rows.take([1, 0])), "order the findings differently"),
    "other rows": (
        lambda r: replace(r, coverage=r.coverage | {"links": 5}),
        r"2 generations, 0 links and 2 generations, 5 links\. Something was written",
    ),
    "an audit less": (lambda r: replace(r, audits=r.audits[:1]), "not run the same audits"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "said"), OTHERWISE.values(), ids=OTHERWISE)
def test_a_report_that_says_otherwise_is_refused_and_the_difference_told(report, change, said):
    other = replace(change(report), engine="duckdb")
    with pytest.raises(CouldNotCompleteError, match=f"postgres and duckdb disagree: .*{said}"):
        refuse_disagreement([report, report, other])
