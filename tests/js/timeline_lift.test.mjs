import assert from "node:assert/strict";
import { test } from "node:test";

import { parted } from "../../shotkit/widgets/static/timeline_layout.js";
import { isLiftKey, keyed, lift, previewed, proposals, stepped, whereTo } from "../../shotkit/widgets/static/timeline_lift.js";

const parts = parted(
  [0, 81, 162, 243, null].map((frame, index) => ({ id: "abcde"[index], timeline_frame: frame, created_at: "" })),
);

/** What is proposed when `ids` are lifted, `keys` pressed, and it is dropped. */
function dropped(ids, mode, ...keys) {
  let lifted = lift(parts, ids, mode);
  for (const key of keys) ({ lifted } = keyed(lifted, typeof key === "string" ? { key } : key, parts));
  return proposals(lifted, parts).map(({ type, args }) => [type, args]);
}

test("what is dropped where it was proposes nothing", () => {
  for (const mode of ["ruler", "strip"]) {
    for (const ids of [["a"], ["b"], ["d"], ["b", "c"]]) assert.deepEqual(dropped(ids, mode), []);
    assert.deepEqual(dropped(["b"], mode, "ArrowRight", "ArrowLeft"), []);
  }
});

test("on the ruler the arrows go by frames, with Shift by ten, never below 0", () => {
  assert.deepEqual(dropped(["b"], "ruler", "ArrowRight"), [["move", { id: "b", frame: 82 }]]);
  assert.deepEqual(dropped(["b"], "ruler", { key: "ArrowLeft", shiftKey: true }), [["move", { id: "b", frame: 71 }]]);
  assert.deepEqual(dropped(["a"], "ruler", "ArrowLeft"), []);
  assert.deepEqual(dropped(["c"], "ruler", "Home"), [["move", { id: "c", frame: 0 }]]);
  assert.deepEqual(dropped(["b"], "ruler", "End"), [["move", { id: "b", frame: 324 }]]);
});

test("on the ruler several go by as many frames each, the first never below 0", () => {
  assert.deepEqual(dropped(["c", "b"], "ruler", "ArrowLeft"), [["shift", { ids: ["b", "c"], delta: -1 }]]);
  assert.deepEqual(dropped(["b", "d"], "ruler", { key: "ArrowRight", shiftKey: true }), [["shift", { ids: ["b", "d"], delta: 10 }]]);
  assert.deepEqual(dropped(["b", "c"], "ruler", "Home"), [["shift", { ids: ["b", "c"], delta: -81 }]]);
  assert.deepEqual(dropped(["b", "c"], "ruler", "End"), [["shift", { ids: ["b", "c"], delta: 243 }]]);
  assert.deepEqual(dropped(["a", "c"], "ruler", "ArrowLeft"), []);
  assert.deepEqual(dropped(["b", "c"], "ruler", "ArrowRight", "ArrowDown"), [["unplace", { id: "b" }], ["unplace", { id: "c" }]]);
});

test("several of the timeline and the tray go by places on the ruler too", () => {
  assert.deepEqual(dropped(["e", "b"], "ruler", "ArrowRight"), [["move_to", { ids: ["b", "e"], before: "d" }]]);
});

test("in a strip the arrows go by places", () => {
  assert.deepEqual(dropped(["b"], "strip", "ArrowRight"), [["move_to", { ids: ["b"], before: "d" }]]);
  assert.deepEqual(dropped(["c"], "strip", "Home"), [["move_to", { ids: ["c"], before: "a" }]]);
  assert.deepEqual(dropped(["a"], "strip", "End"), [["move_to", { ids: ["a"], before: null }]]);
  assert.deepEqual(dropped(["c", "b"], "strip", "ArrowLeft"), [["move_to", { ids: ["b", "c"], before: "a" }]]);
});

test("several that do not stand together come together where they are dropped", () => {
  assert.deepEqual(dropped(["a", "c"], "strip"), [["move_to", { ids: ["a", "c"], before: "d" }]]);
});

test("down takes off the timeline, up puts back, and one that is off can be placed", () => {
  assert.deepEqual(dropped(["a", "b"], "strip", "ArrowDown"), [["unplace", { id: "a" }], ["unplace", { id: "b" }]]);
  assert.deepEqual(dropped(["a"], "strip", "ArrowDown", "ArrowUp"), []);
  assert.deepEqual(dropped(["e"], "ruler"), [["place", { id: "e", frame: 324 }]]);
  assert.deepEqual(dropped(["e"], "ruler", "ArrowDown"), []);
  assert.deepEqual(dropped(["e"], "strip", "ArrowLeft"), [["move_to", { ids: ["e"], before: "d" }]]);
});

test("Enter and Space drop, Escape and Tab cancel, other keys are not taken", () => {
  const lifted = lift(parts, ["b"], "ruler");
  const act = (key) => keyed(lifted, { key }, parts).act;
  assert.deepEqual(["Enter", " ", "Escape", "Tab", "ArrowRight"].map(act), ["drop", "drop", "cancel", "cancel", null]);
  assert.ok(isLiftKey("Home"));
  assert.ok(!isLiftKey("a") && !isLiftKey("F5"));
});

test("the buttons go first, left, right and last in the order on the ruler too", () => {
  const pressed = (ids, where) => proposals(stepped(parts, ids, where), parts).map(({ args }) => args.before);
  assert.deepEqual(pressed(["c"], "first"), ["a"]);
  assert.deepEqual(pressed(["c"], "left"), ["b"]);
  assert.deepEqual(pressed(["b"], "right"), ["d"]);
  assert.deepEqual(pressed(["b"], "last"), [null]);
  assert.deepEqual(pressed(["a"], "left"), []);
  assert.deepEqual(pressed(["d"], "right"), []);
  assert.deepEqual(pressed(["b", "c"], "right"), [null]);
});

test("where it would go is told in words, and foreseen", () => {
  assert.equal(whereTo(lift(parts, ["b"], "ruler"), parts.placed), "frame 81");
  assert.equal(whereTo({ ...lift(parts, ["b", "d"], "ruler"), frame: 91 }, parts.placed), "frames 91 to 253");
  assert.equal(whereTo(lift(parts, ["b"], "strip"), parts.placed), "place 2 of 4");
  assert.equal(whereTo({ ids: ["b"], tray: true }, parts.placed), "off the timeline");
  assert.deepEqual(previewed({ ids: ["b"], frame: 5 }, parts.placed), { b: { timeline_frame: 5 } });
  const both = { ...lift(parts, ["b", "d"], "ruler"), frame: 91 };
  assert.deepEqual(previewed(both, parts.placed), { b: { timeline_frame: 91 }, d: { timeline_frame: 253 } });
  assert.deepEqual(previewed({ ids: ["b"], tray: true }, parts.placed), { b: { timeline_frame: null } });
});
