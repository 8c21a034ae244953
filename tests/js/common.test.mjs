import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Line, PictureShelf, blobAddress, safeAddress, short } from "../../shotkit/widgets/static/common.js";

/** A model that keeps what is sent, and may be made to receive. */
function model() {
  const listeners = new Set();
  const sent = [];
  return {
    sent,
    listeners,
    on: (_, listener) => listeners.add(listener),
    off: (_, listener) => listeners.delete(listener),
    send: (content) => sent.push(content),
    receive: (content, buffers = []) => listeners.forEach((listener) => listener(content, buffers)),
  };
}

test("a page loads https addresses and nothing else", () => {
  assert.equal(safeAddress("https://x.test/a.png?token=1"), "https://x.test/a.png?token=1");
  for (const address of [
    "javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>1</script>",
    "http://x.test/a.png", "blob:https://x.test/1", "file:///etc/passwd", "//x.test/a.png", "/a.png", "", "https:", null,
  ]) assert.equal(safeAddress(address), "", String(address));
});

test("bytes become a picture only if they are of a type that cannot run scripts", () => {
  const buffers = [new Uint8Array([1, 2, 3])];
  assert.match(blobAddress({ buffer: 0, mime: "image/png" }, buffers), /^blob:/);
  for (const mime of ["image/svg+xml", "text/html", "", undefined]) assert.equal(blobAddress({ buffer: 0, mime }, buffers), "");
  assert.equal(blobAddress({ buffer: 7, mime: "image/png" }, buffers), "");
});

test("a long text is cut by letters, not through one", () => {
  assert.equal(short("  a\n b "), "a b");
  assert.equal(short("😀".repeat(100), 3), "😀😀😀…");
  assert.equal(short(null), "");
});

test("each request has an id of its own and gets its own reply, whatever the order", async () => {
  const wire = model();
  const line = new Line(wire);
  const [one, two] = [line.ask("move", { id: "a" }), line.ask("undo")];
  assert.deepEqual(wire.sent.map(({ type, args }) => [type, args]), [["move", { id: "a" }], ["undo", {}]]);
  assert.ok(wire.sent.every(({ id }) => id.length > 0 && id.length <= 64));
  wire.receive({ id: wire.sent[1].id, ok: true });
  wire.receive({ id: wire.sent[0].id, error: { kind: "X" } });
  assert.equal((await two).ok, true);
  assert.equal((await one).error.kind, "X");
  line.close();
});

test("what answers no request of this page is news, be it another page's reply", () => {
  const wire = model();
  const heard = [];
  const line = new Line(wire, (content) => heard.push(content));
  wire.receive({ type: "news", news: { revision: 2 } });
  wire.receive({ id: "another:1", ok: true, news: { revision: 3 } });
  assert.deepEqual(heard.map(({ news }) => news.revision), [2, 3]);
  line.close();
  assert.equal(wire.listeners.size, 0);
});

test("a silent Python is told of after a while, and an answer ends the wait", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const wire = model();
  const line = new Line(wire);
  let silent = 0;
  const count = () => { silent += 1; };
  line.ask("undo", {}, count);
  mock.timers.tick(10_000);
  assert.equal(silent, 1);
  line.ask("undo", {}, count);
  wire.receive({ id: wire.sent[1].id, ok: true });
  mock.timers.tick(60_000);
  assert.equal(silent, 1);
  mock.timers.reset();
});

test("pictures are asked for together, the last wished first, and each only once", async () => {
  const asked = [];
  const shelf = new PictureShelf({
    ask: async (_, { keys }) => {
      asked.push(keys);
      const pictures = keys.map((key, buffer) => ({ key, mime: "image/png", buffer }));
      return { pictures, buffers: keys.map(() => new Uint8Array(1)) };
    },
  });
  const keys = Array.from({ length: 40 }, (_, index) => `k${index}`);
  const found = await Promise.all(keys.map((key) => shelf.get(key)));
  assert.ok(found.every(({ src }) => src.startsWith("blob:")));
  await shelf.get("k3");
  assert.deepEqual(asked.map((each) => each.length), [32, 8]);
  assert.equal(asked[0][0], "k39");
});

test("a picture that Python refuses or lacks says why and shows nothing", async () => {
  const hostile = { pictures: [{ key: "x", url: "javascript:alert(1)", why: "gone" }], buffers: [] };
  const shelf = new PictureShelf({
    ask: async (_, { keys }) => (keys[0] === "bad" ? { error: { message: "no" }, buffers: [] } : hostile),
  });
  assert.deepEqual(await shelf.get("bad"), { src: "", why: "no" });
  assert.deepEqual(await shelf.get("x"), { src: "", why: "gone" });
});
