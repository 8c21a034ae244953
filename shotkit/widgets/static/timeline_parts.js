// What stands around the images: the toolbar, the chosen image, the prompts' editor, what was refused.

import { element, setAttributes, setText, short } from "./common.js";
import { lift, proposals, whereTo } from "./timeline_lift.js";
import { bothOrders, isStale, reason } from "./timeline_store.js";

/** A button; its name is what is read on it, so that it can be spoken to, unless that is a sign. */
const button = (text, title, act, given = {}) =>
  element("button", { class: "sk-button", type: "button", "aria-label": /\w/.test(text) ? null : title, title, text, on: { click: act }, ...given });

/** Name, ruler or strip, zoom, changes of the whole shot, what is going on. */
export class Toolbar {
  constructor(view) {
    this.view = view;
    this.modes = ["ruler", "strip"].map((mode) =>
      button(mode === "ruler" ? "Ruler" : "Strip", mode === "ruler" ? "Ruler of frames" : "Strip in order", () => view.setMode(mode), { "data-mode": mode }),
    );
    this.slider = element("input", {
      type: "range", min: -5.5, max: 4, step: 0.05, class: "sk-zoom", "aria-label": "Zoom",
      on: { input: () => view.setZoom(2 ** Number(this.slider.value)) },
    });
    this.fit = button("Fit", "Zoom so that all of it is in sight", () => view.fit());
    this.changes = [
      button("Undo", "Undo the last change of the shot", () => view.whole("undo", "Undone.")),
      button("Redo", "Redo what was undone", () => view.whole("redo", "Redone.")),
      (this.placeAll = button("Place all", "Put all that are off the timeline behind the last", () => view.whole("initialize", "Placed all."))),
      (this.close = button("Close gaps", "Start at frame 0, without large gaps", () => view.whole("normalize", "Closed the gaps."))),
    ];
    this.name = element("bdi", { class: "sk-name" });
    this.status = element("span", { class: "sk-status" });
    this.retry = button("Read again", "Read the shot again", () => view.line.ask("retry"));
    this.problem = element("div", { class: "sk-problem", role: "alert", hidden: true }, element("span", { dir: "auto" }), this.retry);
    const group = (label, ...children) => element("div", { class: "sk-group", role: "group", "aria-label": label }, ...children);
    this.element = element(
      "div",
      { class: "sk-head" },
      element("div", { class: "sk-bar" }, this.name, group("Layout", ...this.modes), (this.zoom = group("Zoom", this.slider, this.fit)), group("Changes", ...this.changes), this.status),
      this.problem,
    );
  }

  draw(placed, tray) {
    const { store, mode, zoom } = this.view;
    setText(this.name, short(store.state.name, 80));
    for (const each of this.modes) setAttributes(each, { "aria-pressed": String(each.dataset.mode === mode) });
    this.zoom.hidden = mode === "strip";
    if (this.zoomed !== zoom) this.slider.value = Math.log2(zoom);
    this.zoomed = zoom;
    setAttributes(this.slider, { "aria-valuetext": `${zoom.toPrecision(2)} pixels a frame` });
    for (const each of this.changes) setAttributes(each, { disabled: !store.editable });
    setAttributes(this.placeAll, { disabled: !store.editable || tray.length === 0 });
    setAttributes(this.close, { disabled: !store.editable || placed.length === 0 });
    setText(this.status, this.#told(placed, tray));
    const { problem } = store.state;
    this.problem.hidden = !problem;
    setText(this.problem.firstChild, problem ? `${store.editable ? "Not up to date" : "Images cannot be moved yet"}: ${problem.message}` : "");
  }

  #told(placed, tray) {
    const { store, shared } = this.view;
    if (shared.silent) return "Python has not answered yet. It is busy, or was restarted: then run the cell again.";
    if (store.busy) return "Saving…";
    if (store.state.pending.length > 0) return `Python is saving: ${short(store.state.pending.join(", "))}`;
    if (!store.editable) return store.state.problem ? "" : "Reading the links… images can be moved when they are there.";
    const last = placed[placed.length - 1];
    return `${placed.length} on the timeline${last ? `, to frame ${Math.round(last.timeline_frame)}` : ""}, ${tray.length} off`;
  }
}

/** The chosen image: its name, its frame as a number, and buttons for whoever does not drag. */
export class Inspector {
  constructor(view) {
    this.view = view;
    this.name = element("bdi", { class: "sk-name" });
    this.frame = element("input", { type: "number", min: 0, max: 2 ** 31 - 1, step: 1, class: "sk-number", "aria-label": "Frame" });
    this.form = element("form", { class: "sk-group", on: { submit: (event) => this.#set(event) } },
      element("label", { text: "Frame " }, this.frame), element("button", { class: "sk-button", type: "submit", text: "Set" }));
    const act = (what, text, label) => button(text, label, () => view.act(what), { "data-act": what });
    this.moves = [act("first", "⇤", "Move first"), act("left", "←", "Move left"), act("right", "→", "Move right"), act("last", "⇥", "Move last")];
    this.unplace = act("unplace", "Take off", "Take off the timeline");
    this.place = act("place", "Place", "Place behind the last");
    this.prompt = button("Prompt", "Edit the prompt behind it", () => view.editor.open(view.current));
    this.element = element("div", { class: "sk-bar sk-inspector", role: "group", "aria-label": "Chosen images" },
      this.name, this.form, element("div", { class: "sk-group" }, ...this.moves),
      element("div", { class: "sk-group" }, this.unplace, this.place, this.prompt));
  }

  draw(placed) {
    const { view } = this;
    const { chosen, store } = view;
    const on = placed.filter((row) => chosen.has(row.id));
    const [row] = chosen.size === 1 ? [view.row([...chosen][0])] : [];
    setText(this.name, chosen.size === 0 ? "Choose an image to move it." : row ? short(row.name || "Image", 60) : `${chosen.size} images`);
    const still = !store.editable || chosen.size === 0;
    for (const each of this.moves) setAttributes(each, { disabled: still || on.length === 0 });
    setAttributes(this.unplace, { disabled: still || on.length === 0 });
    setAttributes(this.place, { disabled: still || on.length === chosen.size });
    setAttributes(this.prompt, { disabled: still || !row || on.length === 0 || placed[placed.length - 1] === row });
    const { ids, from, frame: counted } = lift(view.parts, chosen, "ruler");
    for (const each of this.form.querySelectorAll("input, button")) setAttributes(each, { disabled: still || counted === null });
    const frame = counted === null || from === null ? "" : Math.round(from);
    const key = `${ids} ${frame}`;
    if (this.shown !== key) this.frame.value = frame;
    this.shown = key;
  }

  #set(event) {
    event.preventDefault();
    const { view } = this;
    const frame = this.frame.valueAsNumber;
    const lifted = lift(view.parts, view.chosen, "ruler");
    if (lifted.frame === null || !Number.isInteger(frame) || frame < 0) return;
    const moved = { ...lifted, frame };
    view.propose(proposals(moved, view.parts), `Moved to ${whereTo(moved, view.parts.placed)}.`);
  }
}

/** The prompts between a link and the next, edited where they are shown. */
export class PromptEditor {
  constructor(view) {
    this.view = view;
    this.id = null;
    this.title = element("div", { class: "sk-edited" });
    const area = (label) => element("textarea", { rows: 2, dir: "auto", spellcheck: "true", "aria-label": label, placeholder: label });
    this.prompt = area("Prompt");
    this.negative = area("Negative prompt");
    this.save = element("button", { class: "sk-button", type: "submit", text: "Save" });
    this.element = element("form", { class: "sk-editor", hidden: true, on: { submit: (event) => this.#save(event), keydown: (event) => this.#key(event) } },
      this.title, this.prompt, this.negative,
      element("div", { class: "sk-group" }, this.save, button("Cancel", "Cancel the edit", () => this.close())));
  }

  open(id) {
    const { view } = this;
    const { placed } = view.parts;
    const index = placed.findIndex((row) => row.id === id);
    if (!view.store.editable || index < 0 || index === placed.length - 1) return;
    Object.assign(this, { id, version: view.store.state.version });
    view.choose(id);
    this.prompt.value = placed[index].prompt;
    this.negative.value = placed[index].negative_prompt;
    this.before = { prompt: this.prompt.value, negative_prompt: this.negative.value };
    this.element.hidden = false;
    this.draw();
    this.prompt.focus({ preventScroll: true });
  }

  close() {
    const { id } = this;
    this.id = null;
    this.element.hidden = true;
    if (id !== null) this.view.focus(id);
  }

  draw() {
    if (this.id === null) return;
    const { view } = this;
    const { placed } = view.parts;
    const index = placed.findIndex((row) => row.id === this.id);
    if (index < 0) {
      this.close();
      return;
    }
    setText(this.title, `Prompt behind frame ${Math.round(placed[index].timeline_frame)}`);
    const room = Math.max(0, view.scroll.clientWidth - this.element.offsetWidth);
    const left = (view.placedBoxes[index]?.left ?? 0) - view.scroll.scrollLeft;
    this.element.style.marginLeft = `${Math.min(room, Math.max(0, left))}px`;
  }

  #key(event) {
    event.stopPropagation();
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#save(event);
  }

  #save(event) {
    event.preventDefault();
    const { id, before } = this;
    const now = { prompt: this.prompt.value, negative_prompt: this.negative.value };
    const changed = Object.fromEntries(Object.entries(now).filter(([name, value]) => value !== before[name]));
    this.close();
    if (Object.keys(changed).length === 0) return;
    const proposal = { type: "set_prompts", args: { id, ...changed }, ids: [id], foreseen: { [id]: changed } };
    this.view.propose([proposal], "Changed the prompt.", this.version);
  }
}

/** What was refused and why; of a stale order both, and a way to apply the change to today's. */
export class Notes {
  constructor(view) {
    this.view = view;
    this.shown = new Map();
    this.element = element("div", { class: "sk-notes" });
  }

  draw() {
    const refused = new Map();
    for (const note of this.view.store.notes.values()) if (note.status === "refused") refused.set(note.proposal.key, note);
    for (const [key, made] of this.shown) {
      if (refused.has(key)) continue;
      made.remove();
      this.shown.delete(key);
    }
    for (const [key, note] of refused) {
      if (this.shown.has(key)) continue;
      this.shown.set(key, this.#note(note));
      this.element.append(this.shown.get(key));
    }
  }

  #note(note) {
    const { view } = this;
    const { ids } = note.proposal;
    const dismiss = () => ids.forEach((id) => view.store.dismiss(id));
    const told = element("div", { class: "sk-why" }, element("strong", { text: "Refused: " }), element("span", { dir: "auto", text: reason(note) }));
    return element("div", { class: "sk-refusal", role: "group", "aria-label": "A change that was refused" },
      ids[0] ? this.#thumb(ids[0], view.row(ids[0])?.timeline_frame) : null,
      element("div", { class: "sk-reason" }, told, isStale(note) ? this.#orders(note) : null,
        element("div", { class: "sk-group" },
          isStale(note) ? button("Apply to today's order", "Apply this change to the order of today", () => view.again(note)) : null,
          button("Dismiss", "Dismiss this note", dismiss))));
  }

  #orders({ proposal, error: { differ = [], differing = 0 } }) {
    if (differ.length === 0) return null;
    const { store } = this.view;
    const rows = store.orders.get(proposal.version) ?? store.state.rows;
    const [seen, found] = bothOrders(rows, differ, proposal.ids);
    const order = (label, links) =>
      element("div", { class: "sk-order" }, element("span", { class: "sk-label", text: label }),
        ...links.map((link) => (link ? this.#thumb(link.id, link.frame, link.marked) : element("span", { text: "…" }))));
    return element("div", { class: "sk-orders" }, order("You saw", seen), order("It is now", found),
      differing > differ.length ? element("div", { text: `and ${differing - differ.length} more that differ` }) : null);
  }

  #thumb(id, frame, marked = false) {
    const row = this.view.row(id);
    const image = element("img", { alt: short(row?.name || "Image", 60), draggable: "false" });
    if (row) this.view.shelf.show(image, row.picture);
    return element("span", { class: marked ? "sk-small sk-other" : "sk-small" }, image, element("span", { text: frame === null || frame === undefined ? "off" : String(Math.round(frame)) }));
  }
}
