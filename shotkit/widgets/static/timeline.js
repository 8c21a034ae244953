// The timeline of a shot: a ruler or a strip of images, a tray of those off it, prompts between neighbours.

import { Speaker, element, keepKeys, setAttributes, setText, short } from "./common.js";
import { Canvas } from "./timeline_canvas.js";
import { Drag } from "./timeline_drag.js";
import { Keys } from "./timeline_keys.js";
import { clamp, comfortable, fitting, parted } from "./timeline_layout.js";
import { lift, previewed, proposals, stepped, whereTo } from "./timeline_lift.js";
import { Inspector, Notes, PromptEditor, Toolbar } from "./timeline_parts.js";
import { Pinch } from "./timeline_pinch.js";
import { Shared } from "./timeline_shared.js";
import { reason } from "./timeline_store.js";

const HELP =
  "Arrows choose an image, Space or Enter lifts it; then arrows move it, down takes it off the timeline, " +
  "Space or Enter drops it, Escape cancels. Shift chooses several, F2 edits the prompt, Control Z undoes.";

/** One output cell's view of it. */
class View {
  constructor(root, shared) {
    const { store, shelf, line } = shared;
    Object.assign(this, { shared, store, shelf, line });
    this.mode = store.state.mode;
    this.zoom = null;
    this.current = null; // the id that the keys go to
    this.chosen = new Set();
    this.lifted = null;
    this.dragging = false;
    this.speaker = new Speaker();
    this.#build(root);
    this.canvas = new Canvas(this);
    this.drag = new Drag(this);
    this.keys = new Keys(this);
    this.pinch = new Pinch(this);
    this.ends = [store.listen(() => this.wish())];
    const size = new ResizeObserver(() => this.wish());
    size.observe(this.scroll);
    this.ends.push(() => size.disconnect());
    this.draw();
  }

  close() {
    for (const end of this.ends) end();
    cancelAnimationFrame(this.wished);
  }

  /** Draw before the next picture of the screen: all, or only where what is dragged would go. */
  wish(all = true) {
    this.stale ||= all;
    this.wished ??= requestAnimationFrame(() => {
      this.wished = undefined;
      if (this.stale || !this.dragging) this.draw();
      else this.drag.draw(this.shown.placed);
    });
  }

  /** The rows on the timeline and off it, as they are proposed. */
  get parts() {
    const { rows } = this.store;
    if (this.parted?.rows !== rows) this.parted = { rows, byId: new Map(rows.map((row) => [row.id, row])), ...parted(rows) };
    return this.parted;
  }

  row(id) {
    return this.parts.byId.get(id);
  }

  say(text) {
    this.speaker.say(text);
  }

  setMode(mode) {
    const first = this.placedBoxes.findIndex(({ left, width }) => left + width / 2 > this.scroll.scrollLeft);
    this.mode = mode;
    this.cancel();
    this.draw();
    this.scroll.scrollLeft = this.placedBoxes[first]?.left ?? 0;
    this.draw();
    this.say(mode === "strip" ? "Strip: images in their order." : "Ruler: images at their frames.");
  }

  /** Zoom, with what stands `at` so many pixels from the left, the middle unless said, held still. */
  setZoom(zoom, at = this.scroll.clientWidth / 2) {
    const frame = (this.scroll.scrollLeft + at) / this.zoom;
    this.zoom = clamp(zoom, this.parts.placed);
    this.root.classList.add("sk-zooming"); // images that glide would lag behind the fingers
    this.draw();
    this.scroll.scrollLeft = frame * this.zoom - at;
    this.draw();
    this.root.classList.remove("sk-zooming");
  }

  fit() {
    this.setZoom(fitting(this.parts.placed, this.scroll.clientWidth));
  }

  choose(id, { more = false, through = false } = {}) {
    if (through && this.row(this.anchor)) this.#chooseThrough(id);
    else if (more && this.chosen.has(id)) this.chosen.delete(id);
    else if (more) this.chosen.add(id);
    else this.chosen = new Set([id]);
    if (!through) this.anchor = id; // from where Shift chooses through
    this.current = id;
    this.wish();
  }

  focus(id) {
    this.draw();
    this.reveal(id);
    this.canvas.items.get(id)?.focus({ preventScroll: true });
  }

  lift(id) {
    if (!this.store.editable) {
      this.say("The links are being read; images can be moved when they are there.");
      return false;
    }
    if (!this.chosen.has(id)) this.choose(id);
    this.current = id;
    this.lifted = lift(this.parts, this.chosen, this.mode);
    this.version = this.store.state.version;
    return true;
  }

  drop() {
    const { lifted } = this;
    this.lifted = null;
    const made = proposals(lifted, this.parts);
    this.propose(made, `Dropped ${this.named(lifted.ids)} at ${whereTo(lifted, this.parts.placed)}.`, this.version);
    if (made.length === 0) this.say("Dropped where it was; nothing changes.");
    this.wish();
  }

  cancel() {
    if (this.lifted === null) return;
    this.lifted = null;
    this.drag.stop();
    this.say("Cancelled; everything is where it was.");
    this.wish();
  }

  /** Put what is chosen first, left, right, last, off the timeline or on it. */
  act(what) {
    const ids = [...this.chosen];
    if (ids.length === 0 || !this.store.editable) return;
    const { parts } = this;
    if (what === "place") {
      const made = parts.tray.filter(({ id }) => this.chosen.has(id)).map(({ id }) => ({ type: "place", args: { id }, ids: [id] }));
      this.propose(made, `Put ${this.named(ids)} on the timeline.`);
    } else if (what === "unplace") {
      this.propose(proposals({ ids, tray: true }, parts), `Took ${this.named(ids)} off the timeline.`);
    } else {
      const lifted = stepped(parts, ids, what);
      this.propose(proposals(lifted, parts), `Moved ${this.named(ids)} to ${whereTo(lifted, parts.placed)}.`);
    }
  }

  /** Send proposals, and say what came of each. */
  propose(made, words, version = this.store.state.version) {
    if (made.length > 0) this.say(`${words} Saving.`);
    for (const proposal of made) this.store.propose({ version, ...proposal }).then(() => this.#sayOutcome(proposal));
  }

  /** Propose something of the whole shot: undo, redo, initialize, normalize. */
  whole(type, words) {
    this.propose([{ type, args: {}, ids: [""] }], words);
  }

  again({ proposal }) {
    const { type, args, ids, foreseen } = proposal;
    const rebased = { type, args: { ...args, rebase: true }, ids, foreseen };
    this.propose([rebased], "Applied to today's order.");
  }

  named(ids) {
    if (ids.length > 1) return `${ids.length} images`;
    return short(this.row(ids[0])?.name || "the image", 40);
  }

  // ---- drawing

  draw() {
    this.stale = false;
    const preview = this.lifted && !this.dragging ? previewed(this.lifted, this.parts.placed) : {};
    const previewing = (row) => (preview[row.id] ? { ...row, ...preview[row.id] } : row);
    this.shown = Object.keys(preview).length > 0 ? parted(this.store.rows.map(previewing)) : this.parts;
    const { placed, tray } = this.shown;
    if (this.zoom === null) this.zoom = comfortable(placed);
    if (!this.row(this.current)) this.current = (placed[0] ?? tray[0])?.id ?? null;
    for (const id of this.chosen) if (!this.row(id)) this.chosen.delete(id);
    const focused = this.#focused();
    this.canvas.draw(this.shown);
    this.drag.draw(placed);
    this.#drawAround(placed, tray);
    if (focused?.disabled || (focused?.dataset.id && focused !== this.#focused())) {
      // A button that has nothing left to do, or an item that changed its lane, would lose the focus.
      this.canvas.items.get(focused.dataset.id ?? this.current)?.focus({ preventScroll: true });
    }
  }

  #focused() {
    const active = this.root.getRootNode().activeElement;
    return this.root.contains(active) ? active : null;
  }

  #drawAround(placed, tray) {
    this.empty.hidden = placed.length > 0;
    setText(this.empty, this.store.state.phase === 1 ? "No images have a frame yet." : "Nothing is on the timeline yet. Take an image from the tray below.");
    setText(this.trayTitle, `Off the timeline: ${tray.length}`);
    this.trayBox.classList.toggle("sk-bare", tray.length === 0);
    this.toolbar.draw(placed, tray);
    this.inspector.draw(placed);
    this.notes.draw();
    this.editor.draw();
  }

  // ---- building and listening

  #build(root) {
    this.root = root;
    const listbox = (label) =>
      element("div", {
        class: "sk-lane", role: "listbox", "aria-label": label, "aria-multiselectable": "true",
        "aria-orientation": "horizontal",
      });
    this.help = element("p", { class: "sk-unseen", id: `sk-help-${Math.random().toString(36).slice(2)}`, text: HELP });
    this.lane = listbox("Images on the timeline");
    this.tray = listbox("Images off the timeline");
    for (const lane of [this.lane, this.tray]) setAttributes(lane, { "aria-describedby": this.help.id });
    this.ruler = element("div", { class: "sk-ruler", "aria-hidden": "true" });
    this.pairs = element("div", { class: "sk-pairs", role: "group", "aria-label": "Prompts between neighbours" });
    this.marker = element("div", { class: "sk-marker", hidden: true, "aria-hidden": "true" }, element("span"));
    this.empty = element("p", { class: "sk-empty" });
    this.ghost = element("div", { class: "sk-ghost", hidden: true, "aria-hidden": "true" }, element("img", { alt: "" }), element("span"));
    this.scroll = element("div", { class: "sk-scroll", on: { scroll: () => this.wish() } }, this.ruler, this.lane, this.pairs, this.marker, this.empty);
    this.trayTitle = element("div", { class: "sk-traytitle" });
    this.trayScroll = element("div", { class: "sk-scroll", on: { scroll: () => this.wish() } }, this.tray);
    this.trayBox = element("div", { class: "sk-tray" }, this.trayTitle, this.trayScroll);
    this.toolbar = new Toolbar(this);
    this.inspector = new Inspector(this);
    this.notes = new Notes(this);
    this.editor = new PromptEditor(this);
    keepKeys(root);
    root.classList.add("shotkit", "sk-timeline");
    root.append(
      this.help, this.toolbar.element, this.scroll, this.editor.element,
      this.inspector.element, this.notes.element, this.trayBox, this.speaker.element, this.ghost,
    );
  }

  #chooseThrough(id) {
    const order = [...this.parts.placed, ...this.parts.tray].map((row) => row.id);
    const [from, to] = [order.indexOf(this.anchor), order.indexOf(id)].sort((a, b) => a - b);
    this.chosen = new Set(order.slice(from, to + 1));
  }

  reveal(id) {
    const item = this.canvas.items.get(id);
    const scroll = item?.closest(".sk-scroll");
    if (!scroll) return;
    const [left, right] = [parseFloat(item.style.left), parseFloat(item.style.left) + parseFloat(item.style.width)];
    if (left < scroll.scrollLeft) scroll.scrollLeft = left - 40;
    else if (right > scroll.scrollLeft + scroll.clientWidth) scroll.scrollLeft = right - scroll.clientWidth + 40;
    this.draw();
  }

  #sayOutcome({ ids }) {
    const note = this.store.notes.get(ids[0]);
    if (note?.status === "saved") this.say("Saved.");
    else if (note?.status === "refused") this.say(`Refused: ${short(reason(note), 300)}`);
  }
}

export default () => {
  let shared;
  return {
    initialize({ model }) {
      shared = new Shared(model);
      return () => shared.close();
    },
    render({ model, el }) {
      shared ??= new Shared(model);
      const view = new View(el, shared);
      return () => view.close();
    },
  };
};
