// The images of a shot one by one: zoom and pan, and what is known of each.
import { element, setAttributes, setText, short } from "./common.js";
import { able, button, isolated, press, row, Page } from "./page.js";

const MOST = 8; // times as large as it fits
const STEP = 1.4; // of one press
const HOME = { scale: 1, x: 0, y: 0 };

/** The place that a key leads to among `count` images, null for any other key. */
export function turned(key, place, count) {
  const steps = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1, Home: -count, End: count };
  if (!Object.hasOwn(steps, key) || count === 0) return null;
  return Math.min(Math.max(place + steps[key], 0), count - 1);
}

/** A view held inside its frame of `size`: no edge of the picture leaves the edge of the frame. */
export function held({ scale, x, y }, size) {
  const hold = (value, length) => Math.min(Math.max(value, length * (1 - scale)), 0) || 0;
  return { scale, x: hold(x, size.width), y: hold(y, size.height) };
}

/** The view `factor` times as near, the point `at` of the frame staying where it is. */
export function nearer(view, factor, at, size) {
  const scale = Math.min(Math.max(view.scale * factor, 1), MOST);
  const by = scale / view.scale;
  return held({ scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by }, size);
}

/** An image in words: its name and its place in the shot. */
export function imageWords(image) {
  const frame = image.timeline_frame === null ? "off the timeline" : `frame ${image.timeline_frame}`;
  return [image.name && isolated(short(image.name, 60)), image.is_video && "film", frame].filter(Boolean).join(", ");
}

class Stage {
  constructor(page) {
    this.page = page;
    this.view = HOME;
    this.pointers = new Map();
    this.image = element("img", { decoding: "async", draggable: "false" });
    const on = {
      keydown: (event) => this.key(event),
      wheel: (event) => this.wheel(event),
      dblclick: (event) => this.zoom(this.view.scale > 1 ? 0 : 2, event),
      pointerdown: (event) => this.down(event),
      pointermove: (event) => this.move(event),
      pointerup: (event) => this.up(event),
      pointercancel: (event) => this.up(event),
    };
    this.element = element("div", { class: "skp-stage", tabindex: 0, role: "group", on }, this.image);
  }

  get size() {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  at({ clientX, clientY }) {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  /** Zoom by a factor, about a pointer or the middle; 0 shows the whole picture. */
  zoom(factor, event = null) {
    const middle = { x: this.size.width / 2, y: this.size.height / 2 };
    this.set(factor === 0 ? HOME : nearer(this.view, factor, event ? this.at(event) : middle, this.size));
    this.page.speaker.say(`${Math.round(this.view.scale * 100)} percent`);
  }

  pan(x, y) {
    this.set(held({ ...this.view, x: this.view.x + x, y: this.view.y + y }, this.size));
  }

  set(view) {
    this.view = view;
    this.image.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
    setAttributes(this.element, { "data-near": view.scale > 1 });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = 60;
    const pans = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }[event.key];
    const zooms = { "+": STEP, "=": STEP, "-": 1 / STEP, 0: 0 }[event.key];
    const place = turned(event.key, this.page.place, this.page.images.length);
    if (pans && this.view.scale > 1) this.pan(...pans);
    else if (zooms !== undefined) this.zoom(zooms);
    else if (place !== null) this.page.turn(place);
    else if (event.key === "Escape" && this.view.scale > 1) this.zoom(0);
    else return;
    event.preventDefault();
  }

  wheel(event) {
    // Without Ctrl the wheel belongs to the notebook.
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? STEP : 1 / STEP, event);
  }

  down(event) {
    this.pointers.set(event.pointerId, this.at(event));
    this.moved = false;
    this.element.setPointerCapture(event.pointerId);
  }

  move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = this.at(event);
    const [other] = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    this.moved ||= Math.hypot(now.x - before.x, now.y - before.y) > 3;
    if (other) this.set(nearer(this.view, apart(now, other) / (apart(before, other) || 1), other, this.size));
    else if (this.view.scale > 1 && this.moved) this.pan(now.x - before.x, now.y - before.y);
    if (other || this.moved) this.pointers.set(event.pointerId, now);
  }

  /** A press without a drag brings the point pressed to the middle. */
  up(event) {
    const at = this.pointers.get(event.pointerId);
    this.pointers.delete(event.pointerId);
    if (at && event.type === "pointerup" && !this.moved && this.view.scale > 1) {
      this.pan(this.size.width / 2 - at.x, this.size.height / 2 - at.y);
    }
  }
}

function apart(one, other) {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

/** A value in words; a long one scrolls, also by keys. */
function told(value) {
  const text = String(value).replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)\S*$/u, "$1 $2 UTC");
  return element("dd", { dir: "auto", text, tabindex: text.length > 250 ? 0 : null });
}

class LightboxPage extends Page {
  constructor(model, el) {
    super(model, el, "lightbox");
    this.stage = new Stage(this);
    this.counter = element("span", { class: "skp-count" });
    const role = { role: "group", "aria-label": "What is known of it", tabindex: 0 };
    this.known = element("div", { class: "skp-known", hidden: true, ...role });
    this.back = button("Previous", () => this.turn(this.place - 1));
    this.next = button("Next", () => this.turn(this.place + 1));
    this.large = button("Large", () => this.enlarge());
    this.details = button("Details", () => this.toggle());
    const zooms = [["−", 1 / STEP, "Zoom out"], ["+", STEP, "Zoom in"], ["Whole", 0, "Whole picture"]];
    this.near = zooms.map(([text, factor, label]) =>
      button(text, () => this.images.length && this.stage.zoom(factor), { "aria-label": label }));
    press(this.details, false);
    const bar = row(this.back, this.next, ...this.near, this.details, this.large, this.counter);
    this.box = element("div", { class: "skp-box" }, bar, this.stage.element, this.known);
    const on = { close: () => this.small() };
    this.dialog = element("dialog", { class: "skp-dialog", "aria-label": "Lightbox", on });
    this.home = element("div", {}, this.box);
    this.shelfKey = "";
  }

  update() {
    const { images, error, start } = this.state;
    const shown = this.images?.[this.place];
    this.images = images;
    this.explain(error);
    const again = images.findIndex((image) => image.generation_id === (shown?.generation_id ?? start));
    const same = shown && images[this.place]?.generation_id === shown.generation_id;
    this.turn(same ? this.place : Math.max(again, 0));
  }

  turn(place) {
    this.place = Math.min(Math.max(place, 0), Math.max(this.images.length - 1, 0));
    const image = this.images[this.place];
    able(this.back, this.place > 0);
    able(this.next, this.place < this.images.length - 1);
    this.stage.element.hidden = !image;
    for (const made of [...this.near, this.details, this.large]) able(made, image);
    if (!image) {
      this.known.hidden = true;
      press(this.details, false);
      setText(this.counter, "No image is in this shot.");
      return;
    }
    setText(this.counter, `${this.place + 1} of ${this.images.length}: ${imageWords(image)}`);
    this.show(image, imageWords(image));
    if (!this.known.hidden && this.knownOf !== image.generation_id) this.read(image.generation_id);
    const beside = [this.images[this.place + 1], this.images[this.place - 1]].filter(Boolean);
    for (const near of beside) this.full.get(near.picture); // is there when it is turned to
  }

  /** Show a picture; the whole of it, unless it is the one that is shown. */
  show({ picture }, words) {
    if (this.shelfKey !== picture) this.stage.set(HOME);
    this.shelfKey = picture;
    this.full.show(this.stage.image, picture);
    setAttributes(this.stage.image, { alt: words });
    setAttributes(this.stage.element, { "aria-label": `${words}. Arrows turn, plus and minus zoom.` });
    this.speaker.say(words);
  }

  enlarge() {
    if (this.dialog.open) return this.dialog.close();
    if (this.images.length === 0) return;
    this.dialog.append(this.box);
    this.dialog.showModal();
    setText(this.large, "Small");
    this.stage.set(HOME);
    this.stage.element.focus();
  }

  small() {
    this.home.append(this.box);
    setText(this.large, "Large");
    this.stage.set(HOME);
    this.large.focus();
  }

  toggle() {
    if (this.images.length === 0) return;
    this.known.hidden = !this.known.hidden;
    press(this.details, !this.known.hidden);
    const image = this.images[this.place];
    if (!this.known.hidden && image) this.read(image.generation_id);
  }

  async read(generation_id) {
    this.knownOf = generation_id;
    this.known.replaceChildren(element("p", { text: "Reading…" }));
    const reply = await this.line.ask("details", { generation_id });
    if (this.knownOf !== generation_id) return;
    if (reply.error) this.knownOf = null;
    const refused = () => [element("p", { class: "sk-problem", text: reply.error.message })];
    this.known.replaceChildren(...(reply.error ? refused() : this.facts(reply)));
  }

  facts({ details, lineage, variants }) {
    const shown = { name: "Name", type: "Type", created_at: "Made", prompt: "Prompt", seed: "Seed", address: "Address" };
    const given = Object.entries(shown).filter(([name]) => details[name] !== null && details[name] !== "");
    const list = given.flatMap(([name, label]) => [element("dt", { text: label }), told(details[name])]);
    const name = (item) => isolated(short(item.name || item.variant_type || item.type || "variant", 40));
    const steps = lineage.filter(({ relation }) => relation !== "self");
    const made = steps.map((item) => [item, `${item.relation}: ${name(item)}`]);
    const others = variants.map((item) => [item, `${name(item)}${item.is_primary ? " (primary)" : ""}`]);
    return [element("dl", {}, ...list), ...this.pictured("Lineage", made), ...this.pictured("Variants", others)];
  }

  /** A heading and small pictures, each of which shows itself large when pressed. */
  pictured(title, items) {
    if (items.length === 0) return [];
    const made = items.map(([item, words]) => {
      const image = element("img", { alt: "", class: "skp-thumb", decoding: "async" });
      this.thumbnails.show(image, item.picture);
      const look = () => this.show(item, words);
      return element("li", {}, button("", look, { class: "skp-open" }, image, element("span", { text: words })));
    });
    return [element("p", { text: title, class: "skp-title" }), element("ul", { class: "skp-list" }, ...made)];
  }
}

function render({ model, el }) {
  const page = new LightboxPage(model, el);
  return page.begin(page.home, page.dialog);
}

export default { render };
