"""Workflow commands by the rules of GitHub's runner, and the summary of a step as Markdown."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from shotkit.audit import Baseline
from shotkit.audit.formats.github import LISTED, MOST
from tests.reports.made import GAPS, NAMES, drift, finding, hostile, report

CREDITS = "0051_credits_are_the_sum"
SHARED = "0003_frames_not_shared"


def commands(text):
    """What the runner takes for commands: lines that open with `::`, and what is behind a `##[`."""
    found = []
    for line in text.split("\n"):
        assert "\r" not in line
        if opened := re.fullmatch(r"::([^ :]+)(?: ([^:]*))?::(.*)", line.lstrip()):
            properties = dict(each.split("=", 1) for each in (opened[2] or "").split(",") if each)
            found.append((opened[1], properties.get("title"), opened[3]))
        else:
            assert not line.lstrip().startswith("::")
            assert "##[" not in line
    return found


def test_a_finding_is_an_annotation_of_its_level():
    made = commands(
        report(drift("[0]", "[1]"), finding(SHARED, "repeated"), finding(GAPS, "gap")).to_github()
    )
    assert [(kind, title) for kind, title, _ in made] == [
        ("error", "0001_shot_data_matches_links"), ("warning", SHARED), ("notice", GAPS),
    ]  # fmt: skip
    assert made[0][2] == "different: g/a. Stored: [0]. Expected: [1]. Two differ."


def test_what_was_covered_stands_first_and_what_was_skipped_is_a_warning():
    text = report(skipped=(CREDITS,)).to_github()
    assert text.startswith("shotkit audit: Examined 1,234 generations and 2 links")
    assert commands(text) == [("warning", f"{CREDITS} skipped", "the database has no users.credits")]


@pytest.mark.parametrize("number", [MOST, MOST + 1, 300])
def test_no_more_of_a_level_than_are_shown_and_the_rest_is_counted(number):
    made = commands(report(*(finding(key=str(n)) for n in range(number))).to_github())
    assert len(made) == MOST
    if number > MOST:
        assert f"{number - MOST + 1:,} more" in made[-1][2]


def test_no_text_makes_a_command_of_its_own():
    made = commands(hostile().to_github())
    assert Counter(kind for kind, _, _ in made) == {"error": MOST, "warning": 1}
    for row in hostile().findings.to_dict("records"):
        [(kind, title, message)] = commands(report(row).to_github())
        assert (kind, title) == ("error", row["audit"])
        assert re.findall("%(?!25|0D|0A)", message) == []
        assert message.isprintable()


def test_a_percent_sign_is_said_as_it_is():
    [(_, _, message)] = commands(report(finding(stored="%0A::error::x")).to_github())
    assert "%250A::error::x" in message


class _Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.addresses, self.text = set(), set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.addresses |= {value for _, value in attributes if value and ":" in value}

    def handle_data(self, data):
        self.text.append(data)


def rendered(text):
    return _Tags(MarkdownIt("commonmark").enable("table").render(text))


def test_the_summary_shows_texts_as_they_are():
    told = "*a* [b](https://canary.example) `c` <d> | e"
    page = rendered(report(finding(stored=told)).to_summary())
    assert told in "".join(page.text)
    assert page.tags <= {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "a", "code"}


def test_hostile_texts_bring_no_element_and_no_address_into_the_summary():
    text = hostile().to_summary()
    page = rendered(text)
    assert page.tags <= {
        "h2",
        "h3",
        "p",
        "ul",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "a",
        "code",
    }
    assert not page.addresses
    # GitHub makes links of bare addresses and of names behind an @ too.
    assert re.findall(r"(?:www\.|(?<!\]\()https?:|@)", text) == []
    assert all(line.isprintable() for line in text.split("\n"))


def test_the_summary_lists_some_and_counts_the_rest_within_its_limit():
    long = "<" * 5_000
    rows = [finding(key=f"{n}{long}", stored=long, expected=long, detail=long) for n in range(LISTED + 7)]
    text = report(*rows).to_summary()
    assert text.count(f"| {NAMES} |") == 1, "in the table of audits"
    assert "And 7 more findings." in text
    assert len(text.encode()) < 2**20


def test_the_summary_tells_coverage_causes_and_the_baseline():
    known = Baseline.of(report(finding()))
    some = report(finding(), drift(None, "[1]", "missing"), skipped=(CREDITS,)).since(known)
    text = rendered(some.to_summary()).text
    said = "".join(text)
    for told in ("Examined 1,234 generations", f"{CREDITS} was skipped", "lost insert", "1 known, 0 gone"):
        assert told in said
