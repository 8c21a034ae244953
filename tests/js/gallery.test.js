import assert from "node:assert/strict";
import { test } from "node:test";

import { counted, filtersOf, valuesOf } from "../../shotkit/widgets/static/gallery.js";
import {
  blocksOf, captionOf, clicked, columnsIn, inSight, isWithin, itemWords, placeAfter,
} from "../../shotkit/widgets/static/gallery_cells.js";

const HEIGHT = 122; // of a row

test("as many cells stand side by side as fit, at least one", () => {
  assert.deepEqual([0, 100, 132, 263, 264, 1000].map(columnsIn), [1, 1, 1, 1, 2, 7]);
});

test("what is in sight is a few rows of 10,000 images, wherever the gallery is scrolled to", () => {
  assert.deepEqual(inSight(0, 400, 7, 10_000), [0, 35]);
  const rows = Math.ceil(10_000 / 7);
  for (let top = 0; top < rows * HEIGHT; top += 997) {
    const [first, end] = inSight(top, 400, 7, 10_000);
    assert.ok(end - first <= 7 * 7);
    const [over, under] = [Math.floor(top / HEIGHT) * 7, Math.ceil((top + 400) / HEIGHT) * 7];
    assert.ok(first <= over && end >= Math.min(under, 10_000), `the rows from ${top} on are all there`);
  }
});

test("nothing is in sight of an empty gallery or behind its end", () => {
  assert.deepEqual(inSight(0, 400, 7, 0), [0, 0]);
  assert.deepEqual(inSight(100_000, 400, 7, 10), [10, 10]);
});

test("keys lead from place to place and stop at the ends", () => {
  const after = (key, place) => placeAfter(key, place, 7, 3, 100);
  assert.equal(after("ArrowRight", 5), 6);
  assert.equal(after("ArrowLeft", 0), 0);
  assert.equal(after("ArrowDown", 5), 12);
  assert.equal(after("ArrowUp", 3), 0);
  assert.equal(after("PageDown", 5), 26);
  assert.equal(after("PageUp", 50), 29);
  assert.equal(after("Home", 50), 0);
  assert.equal(after("End", 50), 99);
  assert.equal(after("ArrowDown", 99), 99);
});

test("other keys lead nowhere, nor does any in an empty gallery", () => {
  for (const key of ["x", "Enter", "constructor"]) assert.equal(placeAfter(key, 5, 7, 3, 100), null);
  assert.equal(placeAfter("ArrowDown", 0, 7, 3, 0), null);
});

test("a place is within the ranges exactly if one of them holds it", () => {
  const ranges = [[2, 4], [7, 7], [10, 30]];
  const expected = new Set([2, 3, 4, 7, ...Array.from({ length: 21 }, (_, step) => 10 + step)]);
  for (let place = 0; place < 40; place += 1) assert.equal(isWithin(ranges, place), expected.has(place), `${place}`);
  assert.equal(isWithin([], 0), false);
});

test("a click selects one alone, with Ctrl it toggles, with Shift it takes all from the anchor on", () => {
  assert.deepEqual(clicked(5, 2, {}), { mode: "only", start: 5, stop: 6 });
  assert.deepEqual(clicked(5, 2, { several: true }), { mode: "toggle", start: 5, stop: 6 });
  assert.deepEqual(clicked(5, 2, { shift: true }), { mode: "only", start: 2, stop: 6 });
  assert.deepEqual(clicked(2, 5, { shift: true, several: true }), { mode: "add", start: 2, stop: 6 });
});

test("an image is told in words, and in short below itself", () => {
  const marks = { starred: true, derived_count: 3, unviewed_count: 1 };
  const item = { name: "Dawn", created_at: "2026-11-21T10:00:00+00:00", ...marks };
  assert.equal(itemWords(item), "Dawn, image, starred, 3 variants, 1 not looked at, 2026-11-21");
  assert.equal(captionOf(item, 4), "★ Dawn ×3");
  const film = { name: null, is_video: true, created_at: null, derived_count: 1, unviewed_count: 0 };
  assert.equal(itemWords(film), "film");
  assert.equal(captionOf(film, 4), "▶ 5");
  assert.equal(itemWords(undefined), "not loaded yet");
  assert.equal(captionOf(undefined, 4), "…");
});

test("a long name from right to left is cut and does not turn what follows it", () => {
  const item = { name: `\u202e${"x".repeat(10_000)}`, derived_count: 2 };
  assert.match(captionOf(item, 0), /^\u2068\u202ex{29}…\u2069 ×2$/u);
});

test("the blocks of a sight begin at its multiples and reach over its end", () => {
  assert.deepEqual(blocksOf(0, 0), []);
  assert.deepEqual(blocksOf(0, 1), [0]);
  assert.deepEqual(blocksOf(59, 61), [0, 60]);
  assert.deepEqual(blocksOf(120, 180), [120]);
});

test("filters become a form's values and those the same filters", () => {
  const forms = [
    {}, { media_type: "image", starred: true, prompt: "dusk" }, { in_no_shot: true, children: true },
    { shot: "s1", unpositioned: true, edits_only: true }, { shot: "s1" }, { project: "p", starred: true },
  ];
  for (const filters of forms) assert.deepEqual(filtersOf(valuesOf(filters)), filters);
  assert.deepEqual(filtersOf(valuesOf({}), "g1"), { parent: "g1" });
  assert.deepEqual(filtersOf({ ...valuesOf({}), unpositioned: true }), {}, "there is no shot to be off");
});

test("one is told of as one", () => {
  assert.deepEqual([0, 1, 2, 10_000].map(counted), ["0 images", "1 image", "2 images", "10,000 images"]);
});
