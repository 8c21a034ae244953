// The timeline of a shot: a ruler or a strip of images, a tray of those off it, prompts between neighbours.

import { Line, PictureShelf, Speaker, element, keepKeys, setAttributes, setText, short } from "./common.js";
import { boxes, clamp, comfortable, extent, fitting, frameAt, beforeAt, inSight, marks, parted } from "./timeline_layout.js";
import { isLiftKey, keyed, lift, previewed, proposals, shifted, whereTo } from "./timeline_lift.js";
import { Inspector, Notes, PromptEditor, Toolbar } from "./timeline_parts.js";
import { Store } from "./timeline_store.js";
import { Drag } from "./timeline_drag.js";

const BEYOND = 400; // pixels out of sight that are drawn too
const HELP =
  "Arrows choose an image, Space or Enter lifts it; then arrows move it, down takes it off the timeline, " +
  "Space or Enter drops it, Escape cancels. Shift chooses several, F2 edits the prompt, Control Z undoes.";

/** What all views of one model share: its line, its state, its pictures. */
class Shared {
  constructor(model) {
    this.line = new Line(model, (content) => this.store.hear(content.news));
    this.shelf = new PictureShelf(this.line);
    this.silent = false;
    this.store = new Store(model.get("state"), (proposal) => this.#send(proposal), () => this.#catchUp());
    // A notebook that is saved now shows today's order when it is opened.
    this.store.listen(() => model.get("state") !== this.store.state && model.set("state", this.store.state));
    model.on("change:state", () => model.get("state") !== this.store.state && this.store.reset(model.get("state")));
  }

  close() {
    this.line.close();
    this.shelf.close();
  }

  async #send({ type, args = {}, version }) {
    const whole = ["undo", "redo", "retry"].includes(type) ? args : { ...args, version };
    const reply = await this.line.ask(type, whole, () => {
      this.silent = true;
      this.store.tell();
    });
    this.silent = false;
    return reply;
  }

  async #catchUp() {
    const reply = await this.line.ask("whole");
    if (reply.state && reply.state.revision > this.store.state.revision) this.store.reset(reply.state);
  }
}

/** One output cell's view of it. */
class View {
  constructor(root, { store, shelf, line, ...rest }, shared) {
    Object.assign(this, { store, shelf, line, shared, ...rest });
    this.mode = store.state.mode;
    this.zoom = null;
    this.current = null; // the id that the keys go to
    this.chosen = new Set();
    this.lifted = null;
    this.dragging = false;
    this.items = new Map();
    this.speaker = new Speaker();
    this.#build(root);
    this.drag = new Drag(this);
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

  /** Draw before the next picture of the screen. */
  wish() {
    this.wished ??= requestAnimationFrame(() => {
      this.wished = undefined;
      this.draw();
    });
  }

  /** The rows on the timeline and off it, as they are proposed. */
  get parts() {
    const { rows } = this.store;
    if (this.parted?.rows !== rows) this.parted = { rows, ...parted(rows) };
    return this.parted;
  }

  row(id) {
    return this.store.rows.find((row) => row.id === id);
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

  /** Zoom, with the middle of what is in sight held still. */
  setZoom(zoom) {
    const middle = this.scroll.clientWidth / 2;
    const frame = (this.scroll.scrollLeft + middle) / this.zoom;
    this.zoom = clamp(zoom, this.parts.placed);
    this.draw();
    this.scroll.scrollLeft = frame * this.zoom - middle;
    this.draw();
  }

  fit() {
    this.setZoom(fitting(this.parts.placed, this.scroll.clientWidth));
  }

  choose(id, { more = false, through = false } = {}) {
    if (through && this.current !== null) this.#chooseThrough(id);
    else if (more && this.chosen.has(id)) this.chosen.delete(id);
    else if (more) this.chosen.add(id);
    else this.chosen = new Set([id]);
    this.current = id;
    this.wish();
  }

  focus(id) {
    this.draw();
    this.#reveal(id);
    this.items.get(id)?.focus({ preventScroll: true });
  }

  lift(id) {
    if (!this.store.editable) {
      this.say("The links are being read; images can be moved when they are there.");
      return false;
    }
    if (!this.chosen.has(id)) this.choose(id);
    this.lifted = lift(this.parts, this.chosen, this.mode);
    this.version = this.store.state.version;
    return true;
  }

  drop() {
    const { lifted } = this;
    this.lifted = null;
    const made = proposals(lifted, this.parts);
    this.propose(made, `Dropped ${this.named(lifted.ids)} at ${whereTo(lifted, this.parts.placed)}.`);
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
    this.version = this.store.state.version;
    const { parts } = this;
    if (what === "place") {
      const made = parts.tray.filter(({ id }) => this.chosen.has(id)).map(({ id }) => ({ type: "place", args: { id }, ids: [id] }));
      this.propose(made, `Put ${this.named(ids)} on the timeline.`);
    } else if (what === "unplace") {
      this.propose(proposals({ ids, tray: true }, parts), `Took ${this.named(ids)} off the timeline.`);
    } else {
      const lifted = shifted(parts, ids, what);
      this.propose(proposals(lifted, parts), `Moved ${this.named(ids)} to ${whereTo(lifted, parts.placed)}.`);
    }
  }

  /** Send proposals, and say what came of each. */
  propose(made, words, version = this.version ?? this.store.state.version) {
    if (made.length > 0) this.say(`${words} Saving.`);
    for (const proposal of made) this.store.propose({ version, ...proposal }).then(() => this.#sayOutcome(proposal));
  }

  /** Propose something of the whole shot: undo, redo, initialize, normalize. */
  whole(type, words) {
    this.propose([{ type, args: {}, ids: [""] }], words, this.store.state.version);
  }

  again({ proposal }) {
    const { type, args, ids, foreseen } = proposal;
    const rebased = { type, args: { ...args, rebase: true }, ids, foreseen };
    this.propose([rebased], "Applied to today's order.", this.store.state.version);
  }

  named(ids) {
    if (ids.length > 1) return `${ids.length} images`;
    return short(this.row(ids[0])?.name || "the image", 40);
  }

  // ---- drawing

  draw() {
    const preview = this.lifted && !this.dragging ? previewed(this.lifted, this.parts.placed) : {};
    const previewing = (row) => (preview[row.id] ? { ...row, ...preview[row.id] } : row);
    this.shown = Object.keys(preview).length > 0 ? parted(this.store.rows.map(previewing)) : this.parts;
    const { placed, tray } = this.shown;
    if (this.zoom === null) this.zoom = comfortable(placed);
    if (!this.row(this.current)) this.current = (placed[0] ?? tray[0])?.id ?? null;
    for (const id of this.chosen) if (!this.row(id)) this.chosen.delete(id);
    const focused = this.#focused();
    this.placedBoxes = boxes(placed, this.mode, this.zoom);
    this.trayBoxes = boxes(tray, "strip", 1);
    const lanes = [
      [this.lane, placed, this.placedBoxes, this.#drawn(this.scroll, placed, this.placedBoxes)],
      [this.tray, tray, this.trayBoxes, this.#drawn(this.trayScroll, tray, this.trayBoxes)],
    ];
    this.#sweep(new Set(lanes.flatMap(([, rows, , places]) => places.map((index) => rows[index].id))));
    for (const lane of lanes) this.#drawLane(...lane);
    this.#drawRuler();
    this.#drawPairs(placed);
    this.drag.draw(placed);
    this.#drawAround(placed, tray);
    if (focused?.disabled || (focused?.dataset.id && focused !== this.#focused())) {
      // A button that has nothing left to do, or an item that changed its lane, would lose the focus.
      this.items.get(focused.dataset.id ?? this.current)?.focus({ preventScroll: true });
    }
  }

  #focused() {
    const active = this.root.getRootNode().activeElement;
    return this.root.contains(active) ? active : null;
  }

  #sight(scroll, all) {
    return inSight(all, scroll.scrollLeft - BEYOND, scroll.scrollLeft + (scroll.clientWidth || 800) + BEYOND);
  }

  /** The places that are drawn: those in sight, and what has the focus or is lifted wherever it is. */
  #drawn(scroll, rows, all) {
    const [first, end] = this.#sight(scroll, all);
    const kept = new Set([this.current, ...(this.lifted?.ids ?? [])]);
    return [...rows.keys()].filter((index) => (index >= first && index < end) || kept.has(rows[index].id));
  }

  #drawLane(lane, rows, all, places) {
    lane.style.width = `${extent(all)}px`;
    lane.hidden = rows.length === 0;
    let next = lane.firstChild;
    for (const index of places) {
      const item = this.#drawItem(lane, rows[index], all[index], index, rows.length);
      if (item === next) next = next.nextSibling;
      else lane.insertBefore(item, next);
    }
  }

  #drawItem(lane, row, box, index, count) {
    const item = this.items.get(row.id) ?? this.#newItem(row.id);
    const note = this.store.notes.get(row.id);
    const lifted = this.lifted?.ids.includes(row.id) ?? false;
    const name = short(row.name || "Image", 80);
    const where = row.timeline_frame === null ? "off the timeline" : `frame ${Math.round(row.timeline_frame)}`;
    const status = note ? { pending: "saving", saved: "saved", refused: "refused" }[note.status] : "";
    setAttributes(item, {
      "aria-label": [name, where, status, note?.why && short(note.why), lifted && "lifted"].filter(Boolean).join(", "),
      "aria-posinset": index + 1,
      "aria-setsize": count,
      "aria-selected": this.chosen.has(row.id) ? "true" : "false",
      tabindex: row.id === this.#entry(lane) ? 0 : -1,
      "data-status": note?.status,
      title: note?.why ? short(note.why, 300) : name,
    });
    item.classList.toggle("sk-lifted", lifted);
    item.classList.toggle("sk-fixed", !this.store.editable);
    item.style.left = `${box.left}px`;
    item.style.width = `${box.width}px`;
    const [image, frame, told] = item.children;
    setAttributes(image, { alt: name });
    this.shelf.show(image, row.picture);
    setText(frame, row.timeline_frame === null ? name : String(Math.round(row.timeline_frame)));
    setText(told, note ? { pending: "saving…", saved: "✓ saved", refused: `✗ ${short(note.why, 60)}` }[note.status] : "");
    return item;
  }

  /** The id by which Tab enters a lane. */
  #entry(lane) {
    const rows = lane === this.lane ? this.shown.placed : this.shown.tray;
    return rows.some((row) => row.id === this.current) ? this.current : rows[0]?.id;
  }

  #newItem(id) {
    const item = element(
      "div",
      { class: "sk-item", role: "option", "data-id": id },
      element("img", { class: "sk-thumb", draggable: "false", decoding: "async" }),
      element("bdi", { class: "sk-frame" }),
      element("span", { class: "sk-told", dir: "auto" }),
    );
    this.items.set(id, item);
    return item;
  }

  #sweep(drawn) {
    for (const [id, item] of this.items) {
      if (drawn.has(id)) continue;
      item.remove();
      this.items.delete(id);
    }
  }

  #drawRuler() {
    this.ruler.hidden = this.mode === "strip";
    if (this.ruler.hidden) return;
    const left = this.scroll.scrollLeft;
    const found = marks(this.zoom, left, left + (this.scroll.clientWidth || 800));
    this.ruler.replaceChildren(
      ...found.map((frame) => {
        const mark = element("span", { class: "sk-mark", text: String(frame) });
        mark.style.left = `${frame * this.zoom}px`;
        return mark;
      }),
    );
  }

  #drawPairs(placed) {
    const [first, end] = this.#sight(this.scroll, this.placedBoxes);
    const kept = new Map([...this.pairs.children].map((pair) => [pair.dataset.id, pair]));
    for (let index = first; index < Math.min(end, placed.length - 1); index += 1) {
      const row = placed[index];
      const gap = Math.round(placed[index + 1].timeline_frame - row.timeline_frame);
      const from = this.placedBoxes[index].left + (this.mode === "strip" ? this.placedBoxes[index].width / 2 : 0);
      const width = (this.mode === "strip" ? this.placedBoxes[index].width : this.placedBoxes[index + 1].left - from) - 4;
      if (width < 24) continue;
      const pair = kept.get(row.id) ?? this.#newPair(row.id);
      kept.delete(row.id);
      setAttributes(pair, {
        "aria-label": `Prompt behind frame ${Math.round(row.timeline_frame)}, ${gap} frames: ${short(row.prompt, 120) || "none"}`,
        disabled: !this.store.editable,
        title: short(row.prompt, 300) || "No prompt; press to write one",
      });
      pair.classList.toggle("sk-wide", gap > 81);
      setText(pair.firstChild, `${gap} f`);
      setText(pair.lastChild, short(row.prompt, 120) || (this.store.editable ? "+ prompt" : ""));
      pair.style.left = `${from + 2}px`;
      pair.style.width = `${width}px`;
      if (pair.parentNode === null) this.pairs.append(pair);
    }
    for (const pair of kept.values()) pair.remove();
  }

  #newPair(id) {
    return element(
      "button",
      { class: "sk-pair", type: "button", tabindex: -1, "data-id": id, on: { click: () => this.editor.open(id) } },
      element("span", { class: "sk-gap" }),
      element("bdi", { class: "sk-words" }),
    );
  }

  #drawAround(placed, tray) {
    this.empty.hidden = placed.length > 0;
    setText(this.empty, this.store.state.phase === 1 ? "No images have a frame yet." : "Nothing is on the timeline yet. Take an image from the tray below.");
    this.trayTitle.textContent = `Off the timeline: ${tray.length}`;
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
        "aria-orientation": "horizontal", on: { keydown: (event) => this.#key(event) },
      });
    this.help = element("p", { class: "sk-unseen", id: `sk-help-${Math.random().toString(36).slice(2)}`, text: HELP });
    this.lane = listbox("Images on the timeline");
    this.tray = listbox("Images off the timeline");
    for (const lane of [this.lane, this.tray]) setAttributes(lane, { "aria-describedby": this.help.id });
    this.ruler = element("div", { class: "sk-ruler", "aria-hidden": "true" });
    this.pairs = element("div", { class: "sk-pairs", role: "group", "aria-label": "Prompts between neighbours", on: { keydown: (event) => this.#pairKey(event) } });
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

  #key(event) {
    const id = event.target.dataset.id;
    if (id === undefined) return;
    const { key, ctrlKey, metaKey } = event;
    const control = ctrlKey || metaKey;
    if (this.lifted) {
      if (!isLiftKey(key)) return;
      if (key !== "Tab") event.preventDefault();
      this.#liftKey(event);
    } else if (control && key.toLowerCase() === "z") this.#take(event, () => this.whole(event.shiftKey ? "redo" : "undo", event.shiftKey ? "Redone." : "Undone."));
    else if (control && key.toLowerCase() === "y") this.#take(event, () => this.whole("redo", "Redone."));
    else if (control && key === " ") this.#take(event, () => this.choose(id, { more: true }));
    else if (control && key.toLowerCase() === "a") this.#take(event, () => this.#chooseAll(event.currentTarget));
    else if (control || event.altKey) return;
    else if (key === "Enter" || key === " ") this.#take(event, () => this.#liftByKey(id));
    else if (key === "Delete" || key === "Backspace") this.#take(event, () => this.act("unplace"));
    else if (key === "F2") this.#take(event, () => this.editor.open(id));
    else if (/^(Arrow|Home|End)/.test(key)) this.#take(event, () => this.#walk(id, key, event.shiftKey));
  }

  #take(event, what) {
    event.preventDefault();
    what();
  }

  #liftByKey(id) {
    if (!this.lift(id)) return;
    this.draw();
    this.say(`Lifted ${this.named(this.lifted.ids)}, at ${whereTo(this.lifted, this.parts.placed)}. Arrows move, Space drops, Escape cancels.`);
  }

  #liftKey(event) {
    const { lifted, act } = keyed(this.lifted, event, this.parts);
    const [id] = lifted.ids;
    this.lifted = lifted;
    if (act === "drop") this.drop();
    else if (act === "cancel") this.cancel();
    else this.say(`To ${whereTo(lifted, this.parts.placed)}.`);
    this.draw();
    if (event.key !== "Tab") this.#reveal(this.current ?? id);
  }

  #walk(id, key, through) {
    const { placed, tray } = this.parts;
    const [rows, others] = placed.some((row) => row.id === id) ? [placed, tray] : [tray, placed];
    const index = rows.findIndex((row) => row.id === id);
    const up = rows === tray && key === "ArrowUp";
    const next = (rows === placed && key === "ArrowDown") || up
      ? others[Math.min(index, others.length - 1)]
      : rows[{ ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: rows.length - 1 }[key] ?? index];
    if (next === undefined) return;
    this.choose(next.id, { through });
    this.focus(next.id);
  }

  #pairKey(event) {
    const by = { ArrowLeft: "previousElementSibling", ArrowRight: "nextElementSibling" }[event.key];
    if (by) this.#take(event, () => event.target[by]?.focus());
  }

  #chooseAll(lane) {
    const rows = lane === this.lane ? this.parts.placed : this.parts.tray;
    this.chosen = new Set(rows.map((row) => row.id));
    this.say(`${rows.length} images chosen.`);
    this.wish();
  }

  #chooseThrough(id) {
    const order = [...this.parts.placed, ...this.parts.tray].map((row) => row.id);
    const [from, to] = [order.indexOf(this.anchor ?? this.current), order.indexOf(id)].sort((a, b) => a - b);
    for (const each of order.slice(Math.max(0, from), to + 1)) this.chosen.add(each);
  }

  #reveal(id) {
    const item = this.items.get(id);
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
    else if (note?.status === "refused") this.say(`Refused: ${short(note.why, 300)}`);
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
      const view = new View(el, shared, shared);
      return () => view.close();
    },
  };
};
