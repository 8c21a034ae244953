import assert from "node:assert/strict";
import { test } from "node:test";

import { Store, applied, bothOrders } from "../../shotkit/widgets/static/timeline_store.js";

const first = () => ({
  revision: 1, version: "v1", phase: 2, pending: [],
  rows: [{ id: "a", timeline_frame: 0 }, { id: "b", timeline_frame: 81 }],
});
const frames = (store) => Object.fromEntries(store.rows.map((row) => [row.id, row.timeline_frame]));
const moved = (id, frame) => ({ type: "move", args: { id, frame }, ids: [id], foreseen: { [id]: { timeline_frame: frame } } });

/** A store whose proposals are answered by hand: `answer(reply)` answers the one under way. */
function held(state = first()) {
  const sent = [];
  const waiting = [];
  let missed = 0;
  const store = new Store(state, (proposal) => {
    sent.push({ id: proposal.args.id, version: proposal.version });
    return new Promise((resolve) => waiting.push(resolve));
  }, () => { missed += 1; });
  const answer = async (reply) => {
    waiting.shift()(reply);
    await new Promise((resolve) => { setImmediate(resolve); });
  };
  return { store, sent, answer, missed: () => missed };
}

test("news change, add and take away rows and leave the state before as it was", () => {
  const before = first();
  const news = {
    after: 1, revision: 2, version: "v2", gone: ["a"], added: [{ id: "c", timeline_frame: 5 }],
    changed: { b: { timeline_frame: 9 } },
  };
  assert.deepEqual(applied(before, news), {
    revision: 2, version: "v2", phase: 2, pending: [],
    rows: [{ id: "b", timeline_frame: 9 }, { id: "c", timeline_frame: 5 }],
  });
  assert.deepEqual(before, first());
});

test("a proposal is shown at once as pending, then as saved by the one reply that brings what is stored", async () => {
  const { store, answer } = held();
  store.propose(moved("a", 5));
  assert.deepEqual(frames(store), { a: 5, b: 81 });
  assert.equal(store.notes.get("a").status, "pending");
  await answer({ version: "v2", news: { after: 1, revision: 2, version: "v2", changed: { a: { timeline_frame: 6 } } } });
  assert.deepEqual(frames(store), { a: 6, b: 81 });
  assert.equal(store.notes.get("a").status, "saved");
  assert.equal(store.busy, false);
});

test("a refused one returns to its place, says why, and leaves another that waits alone", async () => {
  const { store, sent, answer } = held();
  store.propose(moved("a", 5));
  store.propose(moved("b", 90));
  await answer({ error: { kind: "NotPermittedError", message: "You may not." } });
  assert.deepEqual(frames(store), { a: 0, b: 90 });
  assert.equal(store.notes.get("a").why, "You may not.");
  assert.equal(store.notes.get("b").status, "pending");
  assert.equal(sent.length, 2);
  store.dismiss("a");
  assert.ok(!store.notes.has("a"));
});

test("one at a time is under way, and each goes on the order that the one before it led to", async () => {
  const { store, sent, answer } = held();
  for (const frame of [5, 6, 7]) store.propose(moved("a", frame));
  assert.equal(sent.length, 1);
  await answer({ version: "v2" });
  await answer({ version: "v3" });
  await answer({ version: "v4" });
  assert.deepEqual(sent.map(({ version }) => version), ["v1", "v2", "v3"]);
});

test("a change made elsewhere meanwhile makes a waiting proposal stale, not a blind one", async () => {
  const { store, sent, answer } = held();
  store.propose(moved("a", 5));
  store.propose(moved("b", 90));
  store.hear({ after: 1, revision: 2, version: "elsewhere", changed: { b: { timeline_frame: 70 } } });
  await answer({ error: { kind: "StaleShotError", message: "changed" } });
  assert.deepEqual(sent.map(({ version }) => version), ["v1", "v1"]);
});

test("news that come twice, late or too early neither double nor lose anything", () => {
  const { store, missed } = held();
  const news = (after, frame) => ({ after, revision: after + 1, version: `v${after + 1}`, changed: { a: { timeline_frame: frame } } });
  store.hear(news(2, 20));
  assert.equal(missed(), 1);
  assert.deepEqual(frames(store), { a: 0, b: 81 });
  store.hear(news(1, 10));
  assert.deepEqual(frames(store), { a: 20, b: 81 });
  store.hear(news(1, 10));
  store.hear(undefined);
  store.hear({});
  assert.equal(store.state.revision, 3);
  assert.equal(missed(), 1);
  store.reset({ ...first(), revision: 9 });
  store.hear(news(3, 30));
  assert.deepEqual(frames(store), { a: 0, b: 81 });
});

test("what was saved is marked until the next change", async () => {
  const { store, answer } = held();
  store.propose(moved("a", 5));
  await answer({ version: "v2" });
  store.propose(moved("b", 90));
  assert.ok(!store.notes.has("a"));
});

test("who listens is told of every change until they stop", async () => {
  const { store, answer } = held();
  let told = 0;
  const stop = store.listen(() => { told += 1; });
  store.propose(moved("a", 5));
  await answer({ version: "v2" });
  assert.ok(told >= 2);
  stop();
  const before = told;
  store.tell();
  assert.equal(told, before);
});

test("images can be moved in phase two alone", () => {
  assert.equal(held().store.editable, true);
  assert.equal(held({ ...first(), phase: 1 }).store.editable, false);
});

test("both orders are shown where they differ and around, with gaps between", () => {
  const rows = Array.from({ length: 9 }, (_, index) => ({ id: "abcdefghi"[index], timeline_frame: index * 10 }));
  const differ = [{ id: "b", seen: 10, found: 75 }, { id: "z", found: 78 }, { id: "f", seen: 50 }, { id: "d", seen: 30, found: null }];
  const [seen, found] = bothOrders(rows, differ, ["i"]);
  const told = (order) => order.map((each) => (each ? `${each.id}${each.frame}${each.marked ? "!" : ""}` : "…")).join(" ");
  assert.equal(told(seen), "a0 b10! c20 d30! e40 f50! g60 h70 i80!");
  assert.equal(told(found), "… h70 b75! z78! i80! dnull!");
});

test("the rows of the orders seen last are remembered by their versions, not of all", () => {
  const { store } = held();
  for (let revision = 1; revision < 20; revision += 1) {
    store.hear({ after: revision, revision: revision + 1, version: `w${revision}`, changed: { a: { timeline_frame: revision } } });
  }
  assert.equal(store.orders.get("w18")[0].timeline_frame, 18);
  assert.equal(store.orders.size, 8);
});
