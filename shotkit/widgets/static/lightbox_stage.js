// A picture in a frame, zoomed and moved.
import { element, setAttributes } from "./common.js";

const MOST = 8; // times as large as it fits
export const STEP = 1.4; // of one press
export const HOME = { scale: 1, x: 0, y: 0 };

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

/** A picture in a frame: zoomed and moved by pointers and keys; `box` turns to the next one. */
export class Stage {
  constructor(box) {
    this.box = box;
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
    this.box.page.speaker.say(`${Math.round(this.view.scale * 100)} percent`);
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
    const place = turned(event.key, this.box.place, this.box.count);
    if (pans && this.view.scale > 1) this.pan(...pans);
    else if (zooms !== undefined) this.zoom(zooms);
    else if (place !== null) this.box.turn(place);
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
