import assert from "node:assert/strict";
import { test } from "node:test";

import {
  CELL, NARROWEST, beforeAt, boxes, clamp, comfortable, extent, fitting, foreseen, frameAt, further, inSight, marks,
  nextOf, parted,
} from "../../shotkit/widgets/static/timeline_layout.js";

const at = (...frames) =>
  frames.map((frame, index) => ({ id: "abcdefghij"[index], timeline_frame: frame, created_at: `2026-01-0${index + 1}` }));

test("rows are parted into those by frame and those off the timeline, oldest first", () => {
  const { placed, tray } = parted(at(81, null, 0, null).reverse());
  assert.deepEqual(placed.map((row) => row.timeline_frame), [0, 81]);
  assert.deepEqual(tray.map((row) => row.id), ["b", "d"]);
});

test("frames become pixels and pixels the nearest frame, never a negative one", () => {
  const [first, second] = boxes(at(0, 81), "ruler", 2);
  assert.deepEqual(first, { left: 0, width: CELL });
  assert.equal(second.left, 162);
  for (const zoom of [0.3, 1, 1.5, 16]) {
    for (const frame of [0, 1, 80, 81, 1000]) assert.equal(frameAt(frame * zoom, zoom), frame);
  }
  assert.equal(frameAt(-50, 2), 0);
});

test("an image is never narrower than a finger nor wider than a cell", () => {
  const widths = boxes(at(0, 1, 50, 500), "ruler", 1).map((box) => box.width);
  assert.deepEqual(widths, [NARROWEST, 49, CELL, CELL]);
});

test("in a strip images stand side by side whatever their frames", () => {
  assert.deepEqual(boxes(at(0, 5, 900), "strip", 1).map((box) => box.left), [0, CELL, 2 * CELL]);
});

test("only what is in sight is drawn, found as a search through all of it finds it", () => {
  const all = boxes(Array.from({ length: 1000 }, (_, index) => ({ timeline_frame: index * 81 })), "ruler", 0.5);
  for (const [left, right] of [[0, 900], [5000, 6000], [40_000, 41_000], [90_000, 91_000]]) {
    const [first, end] = inSight(all, left, right);
    const seen = all.map((box, index) => [box, index]).filter(([box]) => box.left < right && box.left + box.width > left);
    for (const [, index] of seen) assert.ok(index >= first && index < end);
    assert.ok(end - first < 60);
  }
  assert.deepEqual(inSight([], 0, 900), [0, 0]);
});

test("there is room to drop behind the last", () => {
  assert.equal(extent(boxes(at(0, 81), "strip", 1)), 3 * CELL);
  assert.equal(extent([]), CELL);
});

test("what is dropped on the left half of an image goes before it, on the right half behind it", () => {
  const placed = at(0, 81, 162);
  const all = boxes(placed, "strip", 1);
  const none = new Set();
  assert.equal(beforeAt(placed, all, 10, none), "a");
  assert.equal(beforeAt(placed, all, CELL / 2 + 1, none), "b");
  assert.equal(beforeAt(placed, all, 2.6 * CELL, none), null);
  assert.equal(beforeAt(placed, all, CELL + 1, new Set(["b"])), "c");
});

test("keys go through the places among those that stay, and stop at both ends", () => {
  const placed = at(0, 81, 162, 243);
  const dragged = new Set(["b"]);
  assert.equal(nextOf(placed, dragged), "c");
  assert.equal(further(placed, dragged, "c", 1), "d");
  assert.equal(further(placed, dragged, "d", 1), null);
  assert.equal(further(placed, dragged, null, 1), null);
  assert.equal(further(placed, dragged, null, -1), "d");
  assert.equal(further(placed, dragged, "a", -1), "a");
  assert.equal(nextOf(placed, new Set(["d"])), null);
});

test("frames foreseen show the order that was dropped", () => {
  const placed = at(0, 81, 82, 243);
  const orders = { a: "dabc", b: "adbc", c: "abdc" };
  for (const [before, order] of [...Object.entries(orders), [null, "abcd"]]) {
    const { d } = foreseen(placed, ["d"], before);
    const shown = placed.map((row) => (row.id === "d" ? { ...row, timeline_frame: d } : row));
    assert.equal(parted(shown).placed.map((row) => row.id).join(""), order);
  }
});

test("the ruler's marks are round, inside, and not too close", () => {
  for (const zoom of [0.05, 0.3, 1, 2.2, 16]) {
    const found = marks(zoom, 1000, 2000);
    assert.ok(found.length > 0 && found.length <= 13);
    for (const frame of found) assert.ok(Number.isInteger(frame) && frame * zoom >= 1000 && frame * zoom <= 2000);
  }
  assert.equal(marks(1, 0, 500)[0], 0);
});

test("the zoom leaves most images wide enough for a finger, and fits what can be fitted", () => {
  const few = at(0, 81, 162);
  assert.ok(162 * fitting(few, 900) + CELL <= 900);
  const many = Array.from({ length: 1000 }, (_, index) => ({ timeline_frame: index * 81 }));
  assert.equal(fitting(many, 900), NARROWEST / 81);
  assert.ok(comfortable(many) * 81 > CELL);
  assert.equal(clamp(1e9, few), 16);
  for (const rows of [[], at(0), at(0, 1)]) assert.ok(Number.isFinite(comfortable(rows)) && comfortable(rows) > 0);
});
