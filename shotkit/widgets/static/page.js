// What the pages of variants, gallery and lightbox share.
import { element, keepKeys, setAttributes, setText, Line, PictureShelf, Speaker } from "./common.js";

/** A button; `given` are further attributes, also those that differ. */
export function button(text, press, given = {}, ...children) {
  return element("button", { type: "button", class: "sk-button", text, on: { click: press }, ...given }, ...children);
}

/** A row of things beside each other. */
export function row(...children) {
  return element("div", { class: "sk-group" }, ...children);
}

/** A labelled control of a form. */
export function field(text, control) {
  control.id = `sk-${Math.random().toString(36).slice(2, 12)}`;
  const label = element("label", { for: control.id, text });
  return element("span", { class: "skp-field" }, label, control);
}

/** Whether a button can do something; one that cannot keeps the focus all the same. */
export function able(made, can) {
  setAttributes(made, { "aria-disabled": can ? null : "true" });
}

/** A user's text for the middle of a sentence: its direction, whatever it holds, ends where it ends. */
export function isolated(text) {
  return /[^\u0000-\u024f]/u.test(text) ? `\u2068${text.replace(/[\u2066-\u2069]/gu, "")}\u2069` : text;
}

/** Say whether a button is pressed in. */
export function press(made, pressed) {
  setAttributes(made, { "aria-pressed": String(Boolean(pressed)) });
}

/** One view of a model: `update()` shows the state of today. */
export class Page {
  constructor(model, el, name) {
    this.model = model;
    this.line = new Line(model);
    this.thumbnails = new PictureShelf(this.line, { most: 600 });
    this.full = new PictureShelf(this.line, { size: "full", most: 8 });
    this.speaker = new Speaker();
    this.error = element("p", { class: "sk-problem", hidden: true });
    this.root = element("div", { class: `shotkit skp sk-${name}` });
    keepKeys(this.root);
    el.append(this.root);
    this.changed = () => this.update();
  }

  get state() {
    return this.model.get("state");
  }

  begin(...children) {
    this.root.append(this.error, ...children, this.speaker.element);
    this.model.on("change:state", this.changed);
    this.update();
    return () => this.close();
  }

  refreshButton() {
    return button("Read again", async () => this.explain((await this.line.ask("refresh")).error ?? this.state.error));
  }

  /** Show an error, or take the one shown away. */
  explain(error) {
    const text = error ? `Not done: ${error.message}` : "";
    setText(this.error, text);
    this.error.hidden = !error;
    if (error) this.speaker.say(text);
  }

  close() {
    this.model.off("change:state", this.changed);
    for (const part of [this.thumbnails, this.full, this.line]) part.close();
  }
}
