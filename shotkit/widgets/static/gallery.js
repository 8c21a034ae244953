// A gallery of thousands of images: only those in sight are elements, and only they are asked for.
import { element, setAttributes, setText, short } from "./common.js";
import { able, button, isolated, press, row, Page } from "./page.js";

const CELL = { width: 132, height: 124 }; // with the gap to the next
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

class Cells {
  constructor(page) {
    this.page = page;
    this.nodes = new Map();
    this.spare = [];
    this.items = new Map();
    this.asked = new Set();
    this.active = this.anchor = 0;
    this.name = `sk${Math.random().toString(36).slice(2, 9)}`;
    this.inner = element("div", { class: "skp-inner", role: "presentation" });
    const on = { scroll: () => this.soon(), keydown: (event) => this.key(event), click: (event) => this.click(event) };
    const role = { role: "listbox", "aria-multiselectable": "true", "aria-label": "Images" };
    this.element = element("div", { class: "skp-cells", tabindex: 0, ...role, on }, this.inner);
    this.watch = new ResizeObserver(() => this.soon());
    this.watch.observe(this.element);
  }

  soon() {
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  renew() {
    this.items.clear();
    this.asked.clear();
    this.active = this.anchor = 0;
    for (const place of [...this.nodes.keys()]) this.let(place);
    this.element.scrollTop = 0;
  }

  draw() {
    this.frame = undefined;
    const { total } = this.page.state;
    const { clientWidth, clientHeight, scrollTop } = this.element;
    this.columns = columnsIn(clientWidth);
    this.inner.style.height = `${Math.ceil(total / this.columns) * CELL.height}px`;
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
    const selected = isWithin(this.page.state.ranges, place);
    const [x, y] = [(place % this.columns) * CELL.width, Math.floor(place / this.columns) * CELL.height];
    node.style.transform = `translate(${x}px, ${y}px)`;
    setAttributes(node, {
      id: `${this.name}-${place}`, "data-place": place, "data-active": place === this.active,
      "aria-selected": String(selected), "aria-setsize": total, "aria-posinset": place + 1,
    });
    if (node.item === item && item) return;
    node.item = item;
    const [image, caption] = node.children;
    setAttributes(image, { alt: itemWords(item) });
    setText(caption, captionOf(item, place));
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

  /** Ask for the blocks in sight that are neither there nor on their way. */
  load(first, end) {
    const { version } = this.page.state;
    for (let start = first - (first % BLOCK); start < end; start += BLOCK) {
      if (this.asked.has(start)) continue;
      this.asked.add(start);
      this.page.line.ask("page", { version, start, count: BLOCK }).then((reply) => this.arrived(reply, version, start));
    }
  }

  arrived(reply, version, start) {
    if (this.page.state.version !== version) return;
    if (reply.error) {
      this.asked.delete(start);
      this.page.explain(reply.error);
      return;
    }
    reply.items.forEach((item, place) => this.items.set(start + place, item));
    this.soon();
  }

  goTo(place) {
    this.active = place;
    const top = Math.floor(place / this.columns) * CELL.height;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + CELL.height > scrollTop + clientHeight) this.element.scrollTop = top + CELL.height - clientHeight;
    this.draw();
  }

  key(event) {
    const several = event.ctrlKey || event.metaKey;
    const rows = Math.max(1, Math.floor(this.element.clientHeight / CELL.height) - 1);
    const next = placeAfter(event.key, this.active, this.columns, rows, this.page.state.total);
    if (next !== null) {
      this.goTo(next);
      if (event.shiftKey) this.page.select(clicked(next, this.anchor, { shift: true }));
    } else if (event.key === " " || event.key === "Enter") this.choose({ several: true });
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

/** A labelled control of a form. */
function field(text, control) {
  return element("label", { class: "skp-field" }, element("span", { text }), control);
}

class GalleryPage extends Page {
  constructor(model, el) {
    super(model, el, "gallery");
    this.cells = new Cells(this);
    this.count = element("p", { class: "skp-count" });
    this.added = element("span", { class: "skp-mark" });
    this.filters = this.filterForm();
    const several = button("Select several", () => press(several, (this.several = !this.several)));
    press(several, false);
    const shots = this.state.shots.map((shot) => this.option(shot.id, shot));
    this.target = element("select", {}, ...shots);
    this.onTimeline = element("input", { type: "checkbox", checked: true });
    this.add = button("Add to the shot", () => this.addSelected());
    this.actions = row(
      several, button("Select all", () => this.selectAll()),
      button("Select none", () => this.select({ mode: "only", start: 0, stop: 0 })),
      field("Shot", this.target), field("on its timeline", this.onTimeline), this.add, this.added,
    );
  }

  option(value, { name, project }, words = "") {
    const of = project ? ` (${isolated(short(project, 30))})` : "";
    return element("option", { value, text: `${words}${isolated(short(name, 40))}${of}` });
  }

  filterForm() {
    const pick = (...options) => element("select", {}, ...options);
    const check = () => element("input", { type: "checkbox" });
    const plain = (value, text) => element("option", { value, text });
    const shots = this.state.shots.map((shot) => this.option(`shot:${shot.id}`, shot, "in "));
    this.of = {
      media_type: pick(plain("", "all"), plain("image", "images"), plain("video", "films")),
      where: pick(plain("", "anywhere"), plain("in_no_shot", "in no shot"), ...shots),
      unpositioned: check(), starred: check(), edits_only: check(), children: check(),
      prompt: element("input", { type: "search", dir: "auto", size: 14 }),
    };
    const labels = {
      media_type: "Show", where: "where", unpositioned: "not on its timeline", starred: "starred",
      edits_only: "edits only", children: "children", prompt: "Prompt has",
    };
    const fields = Object.entries(labels).map(([name, text]) => field(text, this.of[name]));
    this.family = button("Children of this one", () => this.filter(this.parent ? null : this.activeId()));
    const on = { change: () => this.filter(this.parent) };
    const given = { class: "sk-group", role: "group", "aria-label": "Filters", on };
    return element("div", given, ...fields, this.family, this.refreshButton());
  }

  update() {
    const { version, total, selected, filters } = this.state;
    if (version !== this.version) this.cells.renew();
    this.version = version;
    this.parent = filters.parent ?? null;
    setText(this.family, this.parent ? "All, not children of one" : "Children of this one");
    setText(this.count, `${total.toLocaleString("en")} images, ${selected.toLocaleString("en")} selected`);
    able(this.add, selected > 0);
    this.of.unpositioned.disabled = !this.of.where.value.startsWith("shot:");
    this.cells.soon();
  }

  activeId() {
    return this.cells.items.get(this.cells.active)?.generation_id ?? null;
  }

  async filter(parent) {
    const { where, unpositioned, ...plain } = this.of;
    const args = { parent };
    for (const [name, control] of Object.entries(plain)) {
      args[name] = control.type === "checkbox" ? control.checked : control.value || null;
    }
    if (where.value === "in_no_shot") args.in_no_shot = true;
    else if (where.value) Object.assign(args, { shot: where.value.slice(5), unpositioned: unpositioned.checked });
    setText(this.count, "Looking…");
    const reply = await this.line.ask("filter", args);
    this.explain(reply.error);
    this.update();
    if (!reply.error) this.speaker.say(this.count.textContent);
  }

  async select(wanted) {
    const reply = await this.line.ask("select", { version: this.version, ...wanted });
    this.explain(reply.error);
    if (!reply.error) this.speaker.say(`${this.state.selected} selected`);
  }

  selectAll() {
    this.select({ mode: "add", start: 0, stop: this.state.total });
  }

  async addSelected() {
    this.say(`Adding ${this.state.selected}…`, "pending");
    const args = { shot_id: this.target.value, positioned: this.onTimeline.checked };
    const waits = () => this.say("Python is busy; this waits.", "pending");
    const { added, of, refused, error } = await this.line.ask("add", args, waits);
    const reason = (error ?? refused)?.message;
    if (reason) this.say(`Refused${added ? ` after ${added} of ${of} were added` : ""}: ${reason}`, "refused");
    else this.say(`${added} added.`, "saved");
  }

  say(text, kind) {
    setText(this.added, text);
    setAttributes(this.added, { "data-kind": kind, dir: "auto" });
    this.speaker.say(text);
  }

  close() {
    this.cells.close();
    super.close();
  }
}

function render({ model, el }) {
  const page = new GalleryPage(model, el);
  return page.begin(page.filters, page.count, page.cells.element, page.actions);
}

export default { render };
