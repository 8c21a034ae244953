// Draws the images of a timeline that are in sight, the ruler above them, the prompts between them.

import { element, setAttributes, setText, short } from "./common.js";
import { boxes, extent, inSight, marks } from "./timeline_layout.js";
import { isStale } from "./timeline_store.js";

const BEYOND = 400; // pixels out of sight that are drawn too

const NARROW = 640; // pixels below which the toolbar has a row for each of its groups

/** What a view's lanes show; `items` are the elements of the images drawn, by link id. */
export class Canvas {
  #view;
  #sights;
  #lifted;
  #shown = new WeakMap();
  #from = [];
  #ruled = [];

  constructor(view) {
    this.#view = view;
    this.items = new Map();
  }

  draw({ placed, tray }) {
    const view = this.#view;
    // What is measured is read before anything is written: each later look would lay the page out again.
    this.#sights = new Map([view.scroll, view.trayScroll].map((scroll) => [scroll, edges(scroll, this.#sights?.get(scroll))]));
    view.root.classList.toggle("sk-narrow", view.scroll.clientWidth < NARROW);
    this.#place(placed, tray);
    const lanes = [
      [view.lane, placed, view.placedBoxes, this.#drawn(view.scroll, placed, view.placedBoxes)],
      [view.tray, tray, view.trayBoxes, this.#drawn(view.trayScroll, tray, view.trayBoxes)],
    ];
    this.#sweep(new Set(lanes.flatMap(([, rows, , places]) => places.map((index) => rows[index].id))));
    this.#lifted = new Set(view.lifted?.ids);
    for (const lane of lanes) this.#drawLane(...lane);
    this.#drawRuler();
    this.#drawPairs(placed);
  }

  /** Say where each image stands; what comes of the same rows and zoom is kept. */
  #place(placed, tray) {
    const view = this.#view;
    const from = [placed, tray, view.mode, view.zoom];
    if (alike(from, this.#from)) return;
    this.#from = from;
    view.placedBoxes = boxes(placed, view.mode, view.zoom);
    view.trayBoxes = boxes(tray, "strip", 1);
  }

  #sight(scroll, all) {
    const { left, right } = this.#sights.get(scroll);
    return inSight(all, left - BEYOND, right + BEYOND);
  }

  /** The places that are drawn: those in sight, and what has the focus wherever it is. */
  #drawn(scroll, rows, all) {
    const [first, end] = this.#sight(scroll, all);
    const { current } = this.#view;
    return [...rows.keys()].filter((index) => (index >= first && index < end) || rows[index].id === current);
  }

  #drawLane(lane, rows, all, places) {
    lane.style.width = `${extent(all)}px`;
    lane.hidden = rows.length === 0;
    const entry = rows.some(({ id }) => id === this.#view.current) ? this.#view.current : rows[0]?.id; // where Tab enters
    putInOrder(lane, places.map((index) => this.#drawItem(rows[index], all[index], index, rows.length, entry)));
  }

  #drawItem(row, box, index, count, entry) {
    const view = this.#view;
    const item = this.items.get(row.id) ?? this.#newItem(row.id);
    const note = view.store.notes.get(row.id);
    const lifted = this.#lifted.has(row.id);
    const chosen = view.chosen.has(row.id);
    const tabindex = row.id === entry ? 0 : -1;
    const shown = [row, note, lifted, chosen, tabindex, box.left, box.width, index, count, view.store.editable];
    if (alike(shown, this.#shown.get(item))) return item;
    this.#shown.set(item, shown);
    const name = short(row.name || "Image", 80);
    const where = row.timeline_frame === null ? "off the timeline" : `frame ${Math.round(row.timeline_frame)}`;
    const status = note ? { pending: "saving", saved: "saved", refused: "refused" }[note.status] : "";
    setAttributes(item, {
      "aria-label": [name, where, status, note?.why && short(note.why), lifted && "lifted"].filter(Boolean).join(", "),
      "aria-posinset": index + 1,
      "aria-setsize": count,
      "aria-selected": chosen ? "true" : "false",
      tabindex,
      "data-status": note?.status,
      title: note?.why ? short(note.why, 300) : name,
    });
    item.classList.toggle("sk-lifted", lifted);
    item.classList.toggle("sk-fixed", !view.store.editable);
    item.style.left = `${box.left}px`;
    item.style.width = `${box.width}px`;
    const [image, frame, told] = item.children;
    setAttributes(image, { alt: name });
    view.shelf.show(image, row.picture);
    setText(frame, row.timeline_frame === null ? name : String(Math.round(row.timeline_frame)));
    setText(told, note ? { pending: "saving…", saved: "✓ saved", refused: `✗ ${isStale(note) ? "order changed" : short(note.why, 60)}` }[note.status] : "");
    return item;
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
    const view = this.#view;
    view.ruler.hidden = view.mode === "strip";
    if (view.ruler.hidden) return;
    const { left, right } = this.#sights.get(view.scroll);
    const found = marks(view.zoom, left, right);
    if (alike([view.zoom, ...found], this.#ruled)) return;
    this.#ruled = [view.zoom, ...found];
    view.ruler.replaceChildren(
      ...found.map((frame) => {
        const mark = element("span", { class: "sk-mark", text: String(frame) });
        mark.style.left = `${frame * view.zoom}px`;
        return mark;
      }),
    );
  }

  #drawPairs(placed) {
    const view = this.#view;
    const [first, end] = this.#sight(view.scroll, view.placedBoxes);
    const drawn = [];
    const kept = new Map([...view.pairs.children].map((pair) => [pair.dataset.id, pair]));
    for (let index = first; index < Math.min(end, placed.length - 1); index += 1) {
      const row = placed[index];
      const gap = Math.round(placed[index + 1].timeline_frame - row.timeline_frame);
      const from = view.placedBoxes[index].left + (view.mode === "strip" ? view.placedBoxes[index].width / 2 : 0);
      const width = (view.mode === "strip" ? view.placedBoxes[index].width : view.placedBoxes[index + 1].left - from) - 4;
      if (width < 24) continue;
      const pair = kept.get(row.id) ?? this.#newPair(row.id);
      kept.delete(row.id);
      const text = short(row.prompt, 120) || (view.store.editable ? "+ prompt" : "");
      setAttributes(pair, {
        disabled: !view.store.editable,
        title: `Behind frame ${Math.round(row.timeline_frame)}: ${short(row.prompt, 300) || "no prompt; press to write one"}`,
      });
      pair.classList.toggle("sk-wide", gap > 81);
      setText(pair.firstChild, `${gap} f`);
      setText(pair.lastChild, text);
      pair.style.left = `${from + 2}px`;
      pair.style.width = `${width}px`;
      drawn.push(pair);
    }
    for (const pair of kept.values()) pair.remove();
    putInOrder(view.pairs, drawn);
  }

  #newPair(id) {
    return element(
      "button",
      { class: "sk-pair", type: "button", tabindex: -1, "data-id": id, on: { click: () => this.#view.editor.open(id) } },
      element("span", { class: "sk-gap" }),
      element("bdi", { class: "sk-words" }),
    );
  }
}

/** The edges of what is in sight of a lane, in its pixels. */
function edges({ scrollLeft, clientWidth }, before = { left: 0, right: 800 }) {
  // What is hidden, as a notebook behind another is, has no width and does not tell how far it is scrolled.
  return clientWidth ? { left: scrollLeft, right: scrollLeft + clientWidth } : before;
}

function alike(a, b) {
  return b?.length === a.length && a.every((each, index) => each === b[index]);
}

/** Let `made` be the children of `parent`, in order; what has the focus stays where it is, the others go around it. */
function putInOrder(parent, made) {
  const { activeElement } = parent.getRootNode();
  const still = made.findIndex((each) => each === activeElement && each.parentNode === parent);
  for (let index = still; index > 0; index -= 1) {
    if (made[index].previousSibling !== made[index - 1]) parent.insertBefore(made[index - 1], made[index]);
  }
  for (const [index, each] of made.entries()) {
    const place = index === 0 ? parent.firstChild : made[index - 1].nextSibling;
    if (each !== place) parent.insertBefore(each, place);
  }
}
