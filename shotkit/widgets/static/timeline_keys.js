// What the keys do on a timeline.

import { isLiftKey, keyed, whereTo } from "./timeline_lift.js";

/** Listens to a view's lanes and to the prompts between its images. */
export class Keys {
  #view;

  constructor(view) {
    this.#view = view;
    for (const lane of [view.lane, view.tray]) lane.addEventListener("keydown", (event) => this.#key(event));
    view.pairs.addEventListener("keydown", (event) => this.#pairKey(event));
  }

  #key(event) {
    const view = this.#view;
    const id = event.target.dataset.id;
    if (id === undefined) return;
    const { key, ctrlKey, metaKey } = event;
    const control = ctrlKey || metaKey;
    if (view.lifted) {
      if (!isLiftKey(key)) return;
      if (key !== "Tab") event.preventDefault();
      this.#liftKey(event);
    } else if (control && key.toLowerCase() === "z") this.#take(event, () => view.whole(event.shiftKey ? "redo" : "undo", event.shiftKey ? "Redone." : "Undone."));
    else if (control && key.toLowerCase() === "y") this.#take(event, () => view.whole("redo", "Redone."));
    else if (control && key === " ") this.#take(event, () => view.choose(id, { more: true }));
    else if (control && key.toLowerCase() === "a") this.#take(event, () => this.#chooseAll(event.currentTarget));
    else if (control || event.altKey) return;
    else if (key === "Enter" || key === " ") this.#take(event, () => this.#liftByKey(id));
    else if (key === "Delete" || key === "Backspace") this.#take(event, () => view.act("unplace"));
    else if (key === "F2") this.#take(event, () => view.editor.open(id));
    else if (/^(Arrow|Home|End)/.test(key)) this.#take(event, () => this.#walk(id, key, event.shiftKey));
  }

  #take(event, what) {
    event.preventDefault();
    what();
  }

  #liftByKey(id) {
    const view = this.#view;
    if (!view.lift(id)) return;
    view.draw();
    view.say(`Lifted ${view.named(view.lifted.ids)}, at ${whereTo(view.lifted, view.parts.placed)}. Arrows move, Space drops, Escape cancels.`);
  }

  #liftKey(event) {
    const view = this.#view;
    const { lifted, act } = keyed(view.lifted, event, view.parts);
    const [id] = lifted.ids;
    view.lifted = lifted;
    if (act === "drop") view.drop();
    else if (act === "cancel") view.cancel();
    else view.say(`To ${whereTo(lifted, view.parts.placed)}.`);
    view.draw();
    if (event.key !== "Tab") view.reveal(view.current ?? id);
  }

  #walk(id, key, through) {
    const view = this.#view;
    const { placed, tray } = view.parts;
    const [rows, others] = placed.some((row) => row.id === id) ? [placed, tray] : [tray, placed];
    const index = rows.findIndex((row) => row.id === id);
    const up = rows === tray && key === "ArrowUp";
    const next = (rows === placed && key === "ArrowDown") || up
      ? others[Math.min(index, others.length - 1)]
      : rows[{ ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: rows.length - 1 }[key] ?? index];
    if (next === undefined) return;
    view.choose(next.id, { through });
    view.focus(next.id);
  }

  #pairKey(event) {
    const by = { ArrowLeft: "previousElementSibling", ArrowRight: "nextElementSibling" }[event.key];
    if (by) this.#take(event, () => event.target[by]?.focus());
  }

  #chooseAll(lane) {
    const rows = lane === this.#view.lane ? this.#view.parts.placed : this.#view.parts.tray;
    this.#view.chosen = new Set(rows.map((row) => row.id));
    this.#view.say(`${rows.length} images chosen.`);
    this.#view.wish();
  }
}
