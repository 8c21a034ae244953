import assert from "node:assert/strict";
import { test } from "node:test";

import { imageWords } from "../../shotkit/widgets/static/lightbox.js";
import { held, nearer, turned } from "../../shotkit/widgets/static/lightbox_stage.js";

const SIZE = { width: 400, height: 300 };
const WHOLE = { scale: 1, x: 0, y: 0 };

test("keys turn from image to image and stop at the ends", () => {
  assert.equal(turned("ArrowRight", 1, 3), 2);
  assert.equal(turned("ArrowRight", 2, 3), 2);
  assert.equal(turned("ArrowLeft", 0, 3), 0);
  assert.equal(turned("PageUp", 2, 3), 1);
  assert.equal(turned("Home", 2, 3), 0);
  assert.equal(turned("End", 0, 3), 2);
});

test("other keys turn nothing, nor does any where there is no image", () => {
  for (const key of ["x", "Escape", "toString"]) assert.equal(turned(key, 1, 3), null);
  assert.equal(turned("End", 0, 0), null);
});

test("zooming leaves the point under the pointer where it is", () => {
  const at = { x: 100, y: 200 };
  const view = nearer(WHOLE, 2, at, SIZE);
  assert.deepEqual(view, { scale: 2, x: -100, y: -200 });
  const [left, top] = [(at.x - view.x) / view.scale, (at.y - view.y) / view.scale];
  const more = nearer(view, 2, at, SIZE);
  assert.deepEqual([(at.x - more.x) / more.scale, (at.y - more.y) / more.scale], [left, top]);
});

test("zooming out ends at the whole picture, zooming in at eight times", () => {
  assert.deepEqual(nearer({ scale: 2, x: -300, y: -100 }, 0.1, { x: 0, y: 0 }, SIZE), WHOLE);
  assert.equal(nearer(WHOLE, 1_000, { x: 0, y: 0 }, SIZE).scale, 8);
});

test("no edge of the picture leaves the edge of its frame", () => {
  assert.deepEqual(held({ scale: 2, x: 50, y: 50 }, SIZE), { scale: 2, x: 0, y: 0 });
  assert.deepEqual(held({ scale: 2, x: -900, y: -900 }, SIZE), { scale: 2, x: -400, y: -300 });
  assert.deepEqual(held({ scale: 1, x: 7, y: -7 }, SIZE), WHOLE);
});

test("an image is told by its name and its place in the shot", () => {
  assert.equal(imageWords({ name: "Dawn", timeline_frame: 0 }), "Dawn, frame 0");
  assert.equal(imageWords({ name: null, timeline_frame: null, is_video: true }), "film, off the timeline");
});
