"""The HTML page: what it says, what it leaves out and counts, and what no text can make of it."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from shotkit.audit import Baseline
from shotkit.audit.formats import page as pages
from shotkit.audit.formats.frames import Ruler, lane
from tests.reports.made import GAPS, drift, finding, hostile, report

CREDITS = "0051_credits_are_the_sum"
OWN = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "section", "ul", "li", "div",
    "span", "table", "thead", "tbody", "tr", "th", "td", "a", "bdi", "figure", "figcaption",
    "svg", "text", "line", "rect", "circle", "desc",
}  # fmt: skip
VOID = {"meta", "line", "rect", "circle"}


class Page(HTMLParser):
    """The elements of a page in their order; refuses one where they do not nest."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.said = [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said.append(data)

    def all(self, tag):
        return [attributes for found, attributes in self.elements if found == tag]

    @property
    def text(self):
        return " ".join(self.said)


def test_what_was_covered_stands_on_top():
    page = Page(report(finding(), skipped=(CREDITS,)).to_html())
    top = page.text.index("Examined 1,234 generations")
    assert top < page.text.index("Audits")
    assert f"{CREDITS} was skipped:  the database has no users.credits" in page.text


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (report(), "Nothing found"),
        (report(skipped=(CREDITS,)), "Nothing found, but not all was covered"),
        (report(finding(), finding(GAPS)), "2 findings (error 1, info 1)"),
        (report(finding()).since(Baseline.of(report(finding()))), "Nothing new found"),
        (report(finding()).since(Baseline.of(report())), "1 new finding (error 1)"),
    ],
)
def test_the_title_and_the_first_line_say_the_result(made, said):
    page = Page(made.to_html())
    assert f"shotkit audit: {said}" in page.said
    assert said in page.said


def test_findings_stand_below_their_audit_and_the_rest_is_counted():
    rows = [finding(key=f"key-{n}", stored=f"stored-{n}") for n in range(pages.LISTED + 3)]
    page = Page(report(*rows).to_html())
    assert "stored-99" in page.said
    assert "stored-100" not in page.said
    assert "And 3 more findings, not shown here." in page.said


def test_likely_causes_are_told_as_likely():
    page = Page(report(drift(None, "[5]", "missing")).to_html())
    assert {
        "Likely causes",
        "lost insert",
        "Judged by what shot_data was left as: likely, not proven.",
    } <= set(page.said)


def marks(made):
    shapes = [(tag, a) for tag, a in Page(made.to_html()).elements if tag in {"rect", "circle"}]
    return [
        (tag, a["class"], float(a.get("cx", 0)) or float(a["x"]) + 5)
        for tag, a in shapes
        if a["class"] != "band"
    ]


def test_a_picture_has_stored_and_expected_frames_on_one_ruler():
    stored, same, moved, expected = (
        *(mark for mark in marks(report(drift("[0, 50]", "[0, 100]"))) if mark[0] == "rect"),
        *(mark for mark in marks(report(drift("[0, 50]", "[0, 100]"))) if mark[0] == "circle"),
    )
    assert [mark[1] for mark in (stored, same, moved, expected)] == [
        "stored", "stored wrong", "expected", "expected wrong",
    ]  # fmt: skip
    start, half, _, end = (mark[2] for mark in (stored, same, moved, expected))
    assert half - start == end - half
    assert moved[2] == start


def test_a_picture_tells_what_it_shows_and_how_often():
    page = Page(report(drift("[7, 7, null]", "[7]", "miscounted")).to_html())
    [picture] = page.all("svg")
    assert picture["role"] == "img"
    assert "2x" in page.said
    assert "g miscounted: stored 7, 7, 1 off the timeline; expected 7." in page.said


def test_shots_and_generations_beyond_the_drawn_ones_are_counted():
    many = [drift("[0]", "[1]", shot_id=f"{n:03}") for n in range(pages.DRAWN + 2)]
    crowd = [drift("[0]", "[1]", generation_id=f"g{n}") for n in range(15)]
    page = Page(report(*many).to_html())
    assert len(page.all("svg")) == pages.DRAWN
    assert "And 2 more shots, not shown here." in page.said
    assert "And 3 more generations, not shown here." in Page(report(*crowd).to_html()).said


NO_FRAMES = [
    '"x"', "{}", "[true]", "[0.5]", "[[1]]", "[1e400]", "[NaN]", "[" * 100_000, "9" * 5_000, "[1e10]", '["?…',
]  # fmt: skip


@pytest.mark.parametrize("stored", NO_FRAMES, ids=range(len(NO_FRAMES)))
def test_what_is_no_list_of_frames_is_said_and_not_drawn(stored):
    assert lane(stored) is None
    page = Page(report(drift(stored, "[1]", "malformed")).to_html())
    assert "no frames to draw" in page.said


def test_a_lane_reads_what_counts_as_frames():
    assert lane(None).placed == ()
    assert (lane("5").placed, lane("null").unplaced) == ((5,), 1)
    assert lane("[2.0, 1e2, null, -1]").placed == (-1, 2, 100)
    assert lane(str(list(range(500)))).left_out == 300


@pytest.mark.parametrize(("first", "last"), [(0, 1), (0, 81), (-1, 7), (0, 2**31 - 1), (-(2**31), 2**31)])
def test_a_ruler_has_few_round_ticks_within_its_frames(first, last):
    ticks = Ruler(first, last, 0, 100).ticks()
    assert 2 <= len(ticks) <= 9
    assert all(first <= tick <= last for tick in ticks)
    assert len({after - before for before, after in pairwise(ticks)}) == 1


def test_hostile_texts_bring_no_element_no_address_and_no_control_character():
    text = hostile().to_html()
    page = Page(text)
    assert {tag for tag, _ in page.elements} <= OWN
    names = {name for _, attributes in page.elements for name in attributes}
    assert not {name for name in names if name.startswith("on")} | names & {
        "style",
        "src",
        "srcset",
        "xlink:href",
    }
    assert all(re.fullmatch(r"#\w+", link["href"]) for link in page.all("a"))
    assert not re.search(
        r"[^\n\x20-\x7e\x80-\U0010ffff]|[\x80-\x9f\u2028\u202a-\u202e\u2066-\u2069\ufffe\uffff]", text
    )


def test_every_id_is_there_once_and_every_inner_link_leads_to_one():
    page = Page(report(drift("[0]", "[1]"), drift("[0]", "[1]", shot_id="b"), finding()).to_html())
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    inner = {link["href"][1:] for link in page.all("a") if link["href"].startswith("#")}
    named = {name for svg in page.all("svg") for name in svg["aria-labelledby"].split()}
    assert inner | named <= set(ids)
    assert len(named) == 4


def test_nothing_but_its_own_style_is_allowed():
    [policy] = [meta["content"] for meta in Page(report().to_html()).all("meta") if "http-equiv" in meta]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'", policy
    )
