"""`python -m benchmarks.in_browser`: measures the widgets in JupyterLab in Chromium; writes IN_BROWSER.md."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import psycopg
from playwright.sync_api import expect

from tests.browser.home import clone
from tests.browser.notebook import PATIENCE, Notebook
from tests.browser.running import running
from tests.browser.timeline import TimelinePage, cells

SHOT = "Measured"
DRAGS = 30
DRAGGED = 120  # moves of the mouse
HEAD = (
    "# In the browser",
    "",
    "Made by `python -m benchmarks.in_browser`: JupyterLab and a headless Chromium on 2 cores.",
    f"Thumbnails are timed from when the cells are run, drops over {DRAGS} drags of one image.",
    "",
)
FILE = Path(__file__).parent / "IN_BROWSER.md"
SIZES = (10, 100, 1_000)
LISTED = 10_000
SCROLLED = 300  # frames of the screen
_FILL = """
with shot as (
    insert into shots (name, project_id) select %(name)s, id from projects order by id limit 1
    returning id, project_id
), pictures as (
    select location, thumbnail_url, row_number() over (order by id) - 1 as place, count(*) over () as of
    from generations where type = 'image' and thumbnail_url like '/storage/%%'
), made as (
    insert into generations (location, thumbnail_url, type, project_id)
    select p.location, p.thumbnail_url, 'image', shot.project_id
    from generate_series(1, %(count)s) as number join pictures p on p.place = number %% p.of, shot
    returning id
)
insert into shot_generations (shot_id, generation_id, timeline_frame)
select shot.id, made.id, 50 * (row_number() over (order by made.id) - 1) from made, shot
"""
_SEEN = """([kind, all]) => {
  const images = [...document.querySelectorAll(kind)];
  const drawn = images.filter((image) => image.complete && image.naturalWidth);
  return drawn.length > 0 && (!all || drawn.length === images.length);
}"""
_LISTEN = """() => {
  const root = document.querySelector('.sk-timeline');
  globalThis.drops = [];
  let dropped = null;
  root.addEventListener('pointerup', () => { dropped = performance.now(); }, true);
  new MutationObserver((changes) => {
    if (dropped === null || !changes.some(({ target }) => target.dataset.status === 'saved')) return;
    globalThis.drops.push(performance.now() - dropped);
    dropped = null;
  }).observe(root, { subtree: true, attributes: true, attributeFilter: ['data-status'] });
}"""
# The longest time between two frames of the screen, in milliseconds, from a press on.
_FRAMES = """() => {
  globalThis.longest = 0;
  let last = performance.now();
  const step = (now) => {
    globalThis.longest = Math.max(globalThis.longest, now - last);
    last = now;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}"""
_SCROLL = """async (frames) => {
  const cells = document.querySelector('.skp-cells');
  const times = [];
  for (let frame = 0; frame < frames; frame += 1) {
    cells.scrollTop += 90;
    times.push(await new Promise(requestAnimationFrame));
  }
  return times;
}"""


def first_and_all(notebook: Notebook) -> tuple[float, float]:
    """Return the seconds from running the cells to the first thumbnail and to all that are in sight."""
    started = perf_counter()
    notebook.page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    seen = []
    for all_ in (False, True):
        notebook.page.wait_for_function(_SEEN, arg=[".sk-thumb", all_])
        seen.append(perf_counter() - started)
    return seen[0], seen[1]


def drops(notebook: Notebook) -> list[float]:
    """Return the milliseconds from drop to saved of each of DRAGS drags of one image."""
    timeline = TimelinePage(notebook).ready()
    notebook.page.evaluate(_LISTEN)
    id_ = timeline.root.locator(".sk-item").nth(1).get_attribute("data-id")
    for number in range(DRAGS):
        timeline.drag(id_, 15 if number % 2 else -15)
        notebook.page.wait_for_function("(count) => drops.length === count", arg=number + 1)
    return notebook.page.evaluate("drops")


def longest_dragging(notebook: Notebook) -> float:
    """Return the milliseconds of the longest frame of the screen while an image is dragged about."""
    timeline = TimelinePage(notebook)
    x, y = timeline.middle(timeline.root.locator(".sk-item").nth(2).get_attribute("data-id"))
    mouse = notebook.page.mouse
    mouse.move(x, y)
    notebook.page.evaluate(_FRAMES)
    mouse.down()
    for number in range(DRAGGED):
        mouse.move(x + number * 7 % 400, y + number % 9)
    longest: float = notebook.page.evaluate("longest")
    notebook.page.keyboard.press("Escape")
    mouse.up()
    return longest


def scrolled(notebook: Notebook, database: str) -> list[float]:
    """Return the milliseconds of each frame of the screen while a gallery is scrolled."""
    notebook.show(*cells(database)[:1], "widgets.Gallery(kit)")
    notebook.page.wait_for_function(_SEEN, arg=[".skp-cell img", False])
    times = notebook.page.evaluate(_SCROLL, SCROLLED)
    return [after - before for before, after in pairwise(times)]


def lines() -> Iterator[str]:
    """Measure, and tell it line by line."""
    with running() as (home, notebook):
        for size in SIZES:
            database = filled(home, size)
            notebook.show(*cells(database, shot=SHOT))
            first, all_ = first_and_all(notebook)
            yield row(f"timeline of {size:,}: first thumbnail, all in sight", f"{first:.2f} s, {all_:.2f} s")
            times = drops(notebook)
            slow = quantiles(times, n=20)[-1]
            yield row(
                f"timeline of {size:,}: drop to saved, p50, p95", f"{median(times):.0f} ms, {slow:.0f} ms"
            )
            yield row(
                f"timeline of {size:,}: longest frame while dragging", f"{longest_dragging(notebook):.0f} ms"
            )
        times = scrolled(notebook, filled(home, LISTED))
        rate = 1000 * len(times) / sum(times)
        told = f"{rate:.0f}, {max(times):.0f} ms"
        yield row(f"gallery of {LISTED:,} scrolled: frames a second, longest frame", told)


def filled(home: Path, count: int) -> str:
    """Return the address of a demo with a shot of `count` images."""
    database = clone(home)
    with psycopg.connect(database) as connection:
        connection.execute(_FILL, {"name": SHOT, "count": count})
    return database


def row(what: str, measured: str) -> str:
    """Return a line of the table."""
    return f"| {what} | {measured} |"


def main() -> None:
    """Measure and write."""
    expect.set_options(timeout=PATIENCE)
    table = ["| what | measured |", "|---|---|"]
    for line in lines():
        print(line)
        table.append(line)
    FILE.write_text("\n".join([*HEAD, *table, ""]))


if __name__ == "__main__":
    main()
