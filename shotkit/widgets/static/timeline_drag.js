// Dragging by mouse, pen or finger.

import { setAttributes, setText } from "./common.js";
import { beforeAt, frameAt } from "./timeline_layout.js";
import { whereTo } from "./timeline_lift.js";

const START = { mouse: 4, pen: 6, touch: 8 }; // pixels until a press is a drag
const EDGE = 48; // pixels from the edge where the lane scrolls by itself

/** What a pointer does to a timeline's view: a press chooses, a drag lifts and drops. */
export class Drag {
  #view;
  #press = null;
  #tick = 0;

  constructor(view) {
    this.#view = view;
    for (const lane of [view.lane, view.tray]) {
      lane.addEventListener("pointerdown", (event) => this.#down(event));
      lane.addEventListener("pointermove", (event) => this.#move(event));
      lane.addEventListener("pointerup", (event) => this.#up(event));
      lane.addEventListener("pointercancel", () => this.#view.cancel() ?? this.stop());
    }
  }

  /** Leave the pointer alone. */
  stop() {
    cancelAnimationFrame(this.#tick);
    this.#press = null;
    this.#view.dragging = false;
  }

  /** Show where it would go. */
  draw(placed) {
    const { marker, ghost, root, trayBox, lifted, dragging } = this.#view;
    marker.hidden = !dragging || lifted.tray;
    root.classList.toggle("sk-dragging", dragging);
    trayBox.classList.toggle("sk-target", Boolean(dragging && lifted.tray));
    ghost.hidden = !dragging || !this.#press.last;
    if (ghost.hidden) return;
    const { left, top } = root.getBoundingClientRect();
    ghost.style.translate = `${this.#press.last.x - this.#press.grip - left}px ${this.#press.last.y - 34 - top}px`;
    setAttributes(ghost.firstChild, { src: this.#press.picture });
    setText(ghost.lastChild, lifted.ids.length > 1 ? String(lifted.ids.length) : "");
    marker.style.translate = `${this.#at(placed)}px`;
    setText(marker.firstChild, whereTo(lifted, placed));
  }

  #at(placed) {
    const { lifted, zoom, placedBoxes } = this.#view;
    if (lifted.frame !== null) return (lifted.frame + this.#press.behind) * zoom;
    const index = placed.findIndex((row) => row.id === lifted.before);
    const last = placedBoxes[placedBoxes.length - 1];
    return index >= 0 ? placedBoxes[index].left : last ? last.left + last.width : 0;
  }

  #down(event) {
    const item = event.target.closest(".sk-item");
    if (!item || event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    this.#view.cancel();
    const { left } = item.getBoundingClientRect();
    const picture = item.querySelector("img").src;
    this.#press = { id: item.dataset.id, picture, x: event.clientX, y: event.clientY, grip: event.clientX - left };
    // The lane holds the pointer: an item that is put elsewhere in the page would lose it.
    event.currentTarget.setPointerCapture(event.pointerId);
    item.focus({ preventScroll: true });
  }

  #move(event) {
    const press = this.#press;
    if (press === null) return;
    const far = Math.hypot(event.clientX - press.x, event.clientY - press.y) >= (START[event.pointerType] ?? START.mouse);
    if (!this.#view.dragging) {
      if (!far) return;
      if (!this.#view.lift(press.id)) {
        this.stop();
        return;
      }
      // Of several, the first's frame counts; the one that is held may be another.
      press.behind = (this.#view.row(press.id).timeline_frame ?? 0) - (this.#view.lifted.from ?? 0);
      this.#view.dragging = true;
      this.#view.wish();
      this.#view.say(`Dragging ${this.#view.named(this.#view.lifted.ids)}.`);
      this.#scrollAtEdges();
    }
    press.last = { x: event.clientX, y: event.clientY };
    this.#aim();
  }

  #up(event) {
    const press = this.#press;
    if (press === null) return;
    const { dragging } = this.#view;
    this.stop();
    if (dragging) this.#view.drop();
    else this.#view.choose(press.id, { more: event.ctrlKey || event.metaKey, through: event.shiftKey });
  }

  #aim() {
    const { lane, trayBox, zoom, parts, lifted, placedBoxes, scroll } = this.#view;
    const { last, grip, behind } = this.#press;
    const area = lane.hidden ? scroll.getBoundingClientRect() : lane.getBoundingClientRect();
    const tray = last.y >= trayBox.getBoundingClientRect().top;
    const x = last.x - area.left;
    const dragged = new Set(lifted.ids);
    const target = lifted.frame === null
      ? { before: beforeAt(parts.placed, placedBoxes, x, dragged) }
      : { frame: Math.max(0, frameAt(x - grip, zoom) - behind) };
    this.#view.lifted = { ...lifted, ...target, tray };
    this.#view.wish(false);
  }

  #scrollAtEdges() {
    const step = () => {
      if (!this.#view.dragging) return;
      const { scroll } = this.#view;
      const { left, right } = scroll.getBoundingClientRect();
      const { last } = this.#press;
      const by = last && (last.x < left + EDGE ? -12 : last.x > right - EDGE ? 12 : 0);
      const before = scroll.scrollLeft;
      if (by) scroll.scrollLeft += by;
      if (scroll.scrollLeft !== before) this.#aim();
      this.#tick = requestAnimationFrame(step);
    };
    this.#tick = requestAnimationFrame(step);
  }
}
