"""What others change, a second page, a second view, a kernel that starts anew."""

import pytest
from playwright.sync_api import expect

from tests.browser.timeline import TimelinePage, cells, frames_stored, shown


@pytest.fixture
def ids(stored):
    return [id_ for id_, frame in frames_stored(stored).items() if frame is not None]


def test_a_change_by_another_connection_appears_by_itself(notebook, database, stored, ids):
    timeline = shown(notebook, database)
    stored.execute("update shot_generations set timeline_frame = 100 where id = %s", (ids[1],))
    timeline.at(ids[1], 100)
    stored.execute("update shot_generations set timeline_frame = null where id = %s", (ids[2],))
    expect(timeline.root.locator(f".sk-tray [data-id='{ids[2]}']")).to_be_visible()


def test_a_change_in_python_appears_and_is_no_proposal_of_the_page(notebook, database, stored, ids):
    timeline = shown(notebook, database)
    notebook.python(f"shot.move({ids[1]!r}, 100)")
    timeline.at(ids[1], 100)
    assert notebook.wire.proposals == []


def test_two_views_of_a_timeline_and_two_timelines_of_a_shot_agree(notebook, database, stored, ids):
    notebook.show(*cells(database), "timeline", "widgets.Timeline(shot)")
    views = [TimelinePage(notebook, place).ready() for place in range(3)]
    views[1].item(ids[0]).click()
    views[1].press("Move right")
    views[1].saved(ids[0])
    for view in views:
        expect(view.item(ids[0])).to_have_attribute("aria-posinset", "2")
    frame = frames_stored(stored)[ids[0]]
    for view in views:
        view.at(ids[0], frame)


def test_the_same_notebook_on_two_pages_shows_the_same(another, database, stored, ids):
    first = another(*cells(database))
    here = TimelinePage(first).ready()
    first.save()
    there = TimelinePage(another(saved=first.name)).ready()
    here.item(ids[1]).click()
    here.root.get_by_label("Frame", exact=True).fill("100")
    here.press("Set")
    here.saved(ids[1])
    there.at(ids[1], 100)
    there.item(ids[2]).click()
    there.press("Take off")
    expect(here.root.locator(f".sk-tray [data-id='{ids[2]}']")).to_be_visible()
    assert frames_stored(stored)[ids[1]] == 100
    assert frames_stored(stored)[ids[2]] is None


def test_a_page_that_is_loaded_again_shows_the_timeline_of_today(another, database, stored, ids):
    notebook = another(*cells(database))
    timeline = TimelinePage(notebook).ready()
    notebook.save()
    timeline.item(ids[1]).click()
    timeline.root.get_by_label("Frame", exact=True).fill("100")
    timeline.press("Set")
    timeline.saved(ids[1])
    notebook.reload()
    timeline.ready().at(ids[1], 100)
    timeline.item(ids[1]).click()
    timeline.press("Move right")
    timeline.saved(ids[1])
    assert list(frames_stored(stored))[:3] == [ids[0], ids[2], ids[1]]


def test_after_a_kernel_restart_the_page_says_so_and_the_cells_run_again(another, database, stored, ids):
    notebook = another(*cells(database))
    timeline = TimelinePage(notebook).ready()
    notebook.restart()
    timeline.item(ids[0]).click()
    timeline.press("Move right")
    timeline.refused(ids[0])
    expect(timeline.root).to_contain_text("Run the cell again")
    assert list(frames_stored(stored))[:2] == ids[:2]
    notebook.run()
    timeline.ready()
    timeline.item(ids[0]).click()
    timeline.press("Move right")
    timeline.saved(ids[0])
    assert list(frames_stored(stored))[:2] == [ids[1], ids[0]]
