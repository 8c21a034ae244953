// The images of a gallery: only those in sight are elements, and only they are asked for.
import { element, setAttributes, setText, short } from "./common.js";
import { isolated } from "./page.js";

const CELL = { width: 132, height: 122 }; // the least, with the gap to the next
const BLOCK = 60; // items in one request
const SETTLE = 80; // milliseconds of rest before what is in sight is asked for

/** How many cells stand side by side. */
export function columnsIn(width) {
  return Math.max(1, Math.floor(width / CELL.width));
}

/** The places [first, end) in sight, with a row more on either side. */
export function inSight(scrollTop, height, columns, total) {
  const first = Math.max(0, Math.floor(scrollTop / CELL.height) - 1) * columns;
  const end = (Math.ceil((scrollTop + height) / CELL.height) + 1) * columns;
  return [Math.min(first, total), Math.min(end, total)];
}

/** Where the blocks begin that have the places [first, end). */
export function blocksOf(first, end) {
  const starts = [];
  for (let start = first - (first % BLOCK); start < end; start += BLOCK) starts.push(start);
  return starts;
}

/** The place that a key leads to, `rows` being in sight; null for any other key. */
export function placeAfter(key, place, columns, rows, total) {
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  Object.assign(steps, { PageUp: -columns * rows, PageDown: columns * rows, Home: -total, End: total });
  if (!Object.hasOwn(steps, key) || total === 0) return null;
  return Math.min(Math.max(place + steps[key], 0), total - 1);
}

/** Whether a place is in one of the sorted ranges [first, last]. */
export function isWithin(ranges, place) {
  let [low, high] = [0, ranges.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (place < ranges[middle][0]) high = middle - 1;
    else if (place > ranges[middle][1]) low = middle + 1;
    else return true;
  }
  return false;
}

/** What a click or a tap on a place selects: the mode, and the places [start, stop). */
export function clicked(place, anchor, { shift = false, several = false }) {
  if (!shift) return { mode: several ? "toggle" : "only", start: place, stop: place + 1 };
  const [start, last] = [Math.min(anchor, place), Math.max(anchor, place)];
  return { mode: several ? "add" : "only", start, stop: last + 1 };
}

/** An image in words: what it is called, and what marks it. */
export function itemWords(item) {
  if (!item) return "not loaded yet";
  const facts = [item.is_video ? "film" : "image", item.starred && "starred"];
  if (item.derived_count > 1) facts.push(`${item.derived_count} variants`);
  if (item.unviewed_count > 0) facts.push(`${item.unviewed_count} not looked at`);
  const [name, day] = [isolated(short(item.name, 60)), item.created_at?.slice(0, 10)];
  return [name, ...facts, day].filter(Boolean).join(", ");
}

/** What stands below an image. */
export function captionOf(item, place) {
  if (!item) return "…";
  const name = isolated(short(item.name, 30)) || `${place + 1}`;
  const many = item.derived_count > 1 && `×${item.derived_count}`;
  return [item.is_video && "▶", item.starred && "★", name, many].filter(Boolean).join(" ");
}

/** The listbox; `list` is what it shows: the version, the total and the selected ranges. */
export class Cells {
  constructor(page) {
    this.page = page;
    this.list = { version: null, total: 0, ranges: [] };
    this.nodes = new Map();
    this.spare = [];
    this.items = new Map();
    this.asked = new Set();
    this.active = this.anchor = 0;
    this.columns = 1;
    this.name = `sk${Math.random().toString(36).slice(2, 9)}`;
    this.inner = element("div", { class: "skp-inner", role: "presentation" });
    const on = { scroll: () => this.soon(), keydown: (event) => this.key(event), click: (event) => this.click(event) };
    on.dblclick = (event) => event.target.closest("[data-place]") && page.enlarge();
    const role = { role: "listbox", "aria-multiselectable": "true", "aria-label": "Images" };
    this.element = element("div", { class: "skp-cells", tabindex: 0, ...role, on }, this.inner);
    this.watch = new ResizeObserver(() => this.soon());
    this.watch.observe(this.element);
  }

  soon() {
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  /** Show another list from its beginning. */
  renew(list) {
    this.list = list;
    this.items.clear();
    this.asked.clear();
    this.active = this.anchor = 0;
    for (const place of [...this.nodes.keys()]) this.let(place);
    this.element.scrollTop = 0;
    this.soon();
  }

  /** Show what a list has become: what is in sight stays in sight. Resolve with an error, or nothing. */
  async follow(list) {
    const marks = [Math.floor(this.element.scrollTop / CELL.height) * this.columns, this.active, this.anchor];
    const given = { version: list.version, of: this.list.version, places: marks };
    const { places, error } = await this.page.line.ask("places", given);
    if (error) return error;
    const rows = Math.floor((places[0] ?? marks[0]) / this.columns) - Math.floor(marks[0] / this.columns);
    const shift = this.element.scrollTop > 0 ? rows * CELL.height : 0;
    const { clientHeight } = this.element;
    const sight = inSight(Math.max(0, this.element.scrollTop + shift), clientHeight, this.columns, list.total);
    const asked = blocksOf(...sight);
    const replies = await Promise.all(asked.map((start) => this.ask(list.version, start)));
    const failed = replies.find((reply) => reply.error);
    if (failed || replies.some((reply) => reply.version !== list.version)) return failed?.error;
    this.list = list;
    this.asked = new Set(asked);
    this.items = new Map(replies.flatMap(({ start, items }) => items.map((item, place) => [start + place, item])));
    const last = Math.max(0, list.total - 1);
    const moved = (now, mark, place) => Math.min(now === mark && place !== null ? place : now, last);
    [this.active, this.anchor] = [moved(this.active, marks[1], places[1]), moved(this.anchor, marks[2], places[2])];
    this.stretch();
    this.element.scrollTop += shift;
    this.draw();
  }

  /** Show which are selected. */
  mark(list) {
    this.list = list;
    this.soon();
  }

  stretch() {
    this.inner.style.height = `${Math.ceil(this.list.total / this.columns) * CELL.height}px`;
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = undefined;
    const { total } = this.list;
    const { clientWidth, clientHeight, scrollTop } = this.element;
    if (clientWidth === 0) return;
    this.columns = columnsIn(clientWidth);
    this.step = clientWidth / this.columns;
    this.stretch();
    const [first, end] = inSight(scrollTop, clientHeight, this.columns, total);
    for (const place of [...this.nodes.keys()]) if (place < first || place >= end) this.let(place);
    for (let place = first; place < end; place += 1) this.show(place, total);
    setAttributes(this.element, { "aria-activedescendant": this.nodes.get(this.active)?.id });
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.load(first, end), SETTLE);
  }

  let(place) {
    const node = this.nodes.get(place);
    this.nodes.delete(place);
    node.hidden = true;
    this.spare.push(node);
  }

  show(place, total) {
    const node = this.nodes.get(place) ?? this.node(place);
    const item = this.items.get(place);
    const selected = isWithin(this.list.ranges, place);
    const [x, y] = [(place % this.columns) * this.step, Math.floor(place / this.columns) * CELL.height];
    node.style.transform = `translate(${x}px, ${y}px)`;
    node.style.width = `${this.step - 4}px`;
    setAttributes(node, {
      id: `${this.name}-${place}`, "data-place": place, "data-active": place === this.active,
      "aria-selected": String(selected), "aria-setsize": total, "aria-posinset": place + 1,
    });
    if (node.item === item && item) return;
    node.item = item;
    const [image, caption] = node.children;
    setAttributes(image, { alt: itemWords(item) });
    setText(caption, captionOf(item, place));
    setAttributes(node, { "aria-busy": !item, title: item?.name ? short(item.name, 200) : null });
    if (item) this.page.thumbnails.show(image, item.picture);
    else setAttributes(image, { src: null, "data-key": null });
  }

  node(place) {
    const made = this.spare.pop() ?? element("div", { role: "option", class: "skp-cell" },
      element("img", { decoding: "async", draggable: "false" }), element("span", { "aria-hidden": "true" }));
    made.hidden = false;
    if (!made.isConnected) this.inner.append(made);
    this.nodes.set(place, made);
    return made;
  }

  /** The image at a place; one that is not there yet is asked for. */
  item(place) {
    if (!this.items.has(place) && place >= 0 && place < this.list.total) this.load(place, place + 1);
    return this.items.get(place);
  }

  /** Ask for the blocks in sight that are neither there nor on their way. */
  load(first, end) {
    const { version } = this.list;
    for (const start of blocksOf(first, end)) {
      if (this.asked.has(start)) continue;
      this.asked.add(start);
      this.ask(version, start).then((reply) => this.arrived(reply, version));
    }
  }

  async ask(version, start) {
    return { start, ...(await this.page.line.ask("page", { version, start, count: BLOCK })) };
  }

  arrived({ start, items, error }, version) {
    if (this.list.version !== version) return;
    if (error) {
      this.asked.delete(start);
      this.page.explain(error);
      return;
    }
    items.forEach((item, place) => this.items.set(start + place, item));
    this.soon();
    this.page.arrived();
  }

  goTo(place) {
    this.active = place;
    const top = Math.floor(place / this.columns) * CELL.height;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + CELL.height > scrollTop + clientHeight) this.element.scrollTop = top + CELL.height - clientHeight;
    this.draw();
    this.page.arrived();
  }

  key(event) {
    const several = event.ctrlKey || event.metaKey;
    const rows = Math.max(1, Math.floor(this.element.clientHeight / CELL.height) - 1);
    const next = placeAfter(event.key, this.active, this.columns, rows, this.list.total);
    if (next !== null) {
      this.goTo(next);
      if (event.shiftKey) this.page.select(clicked(next, this.anchor, { shift: true }));
    } else if (event.key === " ") this.choose({ several: true });
    else if (event.key === "Enter") this.page.enlarge();
    else if (event.key === "Escape") this.page.select({ mode: "only", start: 0, stop: 0 });
    else if (event.key === "a" && several) this.page.selectAll();
    else return;
    event.preventDefault();
  }

  click(event) {
    const node = event.target.closest("[data-place]");
    if (!node) return;
    this.active = Number(node.dataset.place);
    const several = this.page.several || event.ctrlKey || event.metaKey || event.pointerType === "touch";
    this.choose({ several, shift: event.shiftKey });
    this.draw();
    this.page.arrived();
  }

  choose(how) {
    this.page.select(clicked(this.active, this.anchor, how));
    if (!how.shift) this.anchor = this.active;
  }

  close() {
    this.watch.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.settling);
  }
}
