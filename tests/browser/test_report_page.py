"""The HTML report in a browser: texts stay texts, nothing is fetched, both themes and narrow windows."""

import pytest

from tests.browser import axe
from tests.browser.notebook import Watch
from tests.reports.made import drift, finding, hostile, report

SCRIPT = "<script>alert(1)</script><img src='https://canary.example/i.png' onerror='alert(2)'>"
NARROW, WIDE = {"width": 360, "height": 800}, {"width": 1200, "height": 900}


@pytest.fixture
def shown(browser):
    """Shows a page in a browser of its own; nothing may open, be fetched or fail in it."""
    watch, contexts = Watch(), []

    def show(text, **options):
        contexts.append(browser.new_context(**options))
        watch.over(contexts[-1])
        page = contexts[-1].new_page()
        page.set_content(text)
        return page

    yield show
    for context in contexts:
        context.close()
    watch.check()


def test_hostile_texts_open_nothing_and_fetch_nothing(shown):
    page = shown(hostile().to_html())
    assert (
        page.locator("script, img, iframe, object, embed, link, base, form, image, video, audio").count() == 0
    )
    assert "alert(1)" in page.locator("main").inner_text()
    page.locator("h1").hover()
    for link in page.locator("table a").all():
        link.click()


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["narrow", "wide"])
def test_it_is_no_wider_than_the_window_whatever_stands_in_it(shown, viewport):
    for made in (hostile(), report(drift("[0]", "[1]"), finding())):
        page = shown(made.to_html(), viewport=viewport)
        root = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert root[0] <= root[1]


def test_its_policy_stops_what_an_escape_would_let_through(shown, browser):
    """Were texts not escaped at all, neither scripts nor requests would come through."""
    text = report(finding()).to_html().replace("<main>", f"<main>{SCRIPT}<style>h1 {{color: red}}</style>")
    context = browser.new_context()
    done = []
    context.on("dialog", lambda dialog: (done.append(dialog.message), dialog.dismiss()))
    context.on("requestfinished", lambda request: done.append(request.url))
    page = context.new_page()
    page.set_content(text)
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(255, 0, 0)"
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none", (
        "its own is used"
    )
    context.close()
    assert done == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_rules_of_accessibility_find_nothing_wrong(shown, theme):
    made = report(
        drift("[0, 50, null]", "[0, 100, 100]"), drift('"x"', "[1]", "malformed", shot_id="b"), finding(),
        finding("0003_frames_not_shared", "repeated"), finding("0006_timeline_without_gaps", "gap"),
        skipped=("0051_credits_are_the_sum",),
    )  # fmt: skip
    page = shown(made.to_html(), color_scheme=theme)
    assert axe.violations_of(page, "html") == []
