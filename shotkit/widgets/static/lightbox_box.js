// Images one by one: what is known of each, and a window of their own.
import { element, setAttributes, setText, short } from "./common.js";
import { able, button, isolated, press, row } from "./page.js";
import { HOME, STEP, Stage } from "./lightbox_stage.js";

/** A value in words; a long one scrolls, also by keys. */
function told(value) {
  const text = String(value).replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)\S*$/u, "$1 $2 UTC");
  return element("dd", { dir: "auto", text, tabindex: text.length > 250 ? 0 : null });
}

/** Shows one of many images, `shown` says which: {count, at(place), words(image), none, turned(place), closed()}. */
export class Box {
  constructor(page, shown) {
    this.page = page;
    this.shown = shown;
    this.place = 0;
    this.stage = new Stage(this);
    this.counter = element("span", { class: "skp-count" });
    const role = { role: "group", "aria-label": "What is known of it", tabindex: 0 };
    this.known = element("div", { class: "skp-known", hidden: true, ...role });
    this.back = button("Previous", () => this.turn(this.place - 1));
    this.next = button("Next", () => this.turn(this.place + 1));
    this.large = button("Large", () => (this.dialog.open ? this.dialog.close() : this.enlarge()));
    this.details = button("Details", () => this.toggle());
    const zooms = [["−", 1 / STEP, "Zoom out"], ["+", STEP, "Zoom in"], ["Whole", 0, "Whole picture"]];
    this.near = zooms.map(([text, factor, label]) =>
      button(text, () => this.count && this.stage.zoom(factor), { "aria-label": label }));
    press(this.details, false);
    const bar = row(this.back, this.next, ...this.near, this.details, this.large, this.counter);
    this.element = element("div", { class: "skp-box" }, bar, this.stage.element, this.known);
    const on = { close: () => this.small(), keydown: (event) => this.escape(event) };
    this.dialog = element("dialog", { class: "skp-dialog", "aria-label": "Lightbox", on });
    this.shelfKey = "";
  }

  get count() {
    return this.shown.count;
  }

  turn(place) {
    this.place = Math.min(Math.max(place, 0), Math.max(this.count - 1, 0));
    this.shown.turned?.(this.place);
    const image = this.shown.at(this.place);
    able(this.back, this.place > 0);
    able(this.next, this.place < this.count - 1);
    this.stage.element.hidden = this.count === 0;
    for (const made of [...this.near, this.details, this.large]) able(made, this.count > 0);
    if (image) this.look(image);
    else this.without();
  }

  look(image) {
    const words = this.shown.words(image);
    setText(this.counter, `${this.place + 1} of ${this.count}: ${words}`);
    this.show(image, words);
    if (!this.known.hidden && this.knownOf !== image.generation_id) this.read(image.generation_id);
    const beside = [this.place + 1, this.place - 1].map((place) => this.shown.at(place)).filter(Boolean);
    for (const near of beside) this.page.full.get(near.picture); // is there when it is turned to
  }

  /** Say that there is none, or none yet. */
  without() {
    setText(this.counter, this.count ? `${this.place + 1} of ${this.count}…` : this.shown.none);
    if (this.count) return;
    this.known.hidden = true;
    press(this.details, false);
  }

  /** Show a picture; the whole of it, unless it is the one that is shown. */
  show({ picture }, words) {
    const another = this.shelfKey !== picture;
    if (another) this.stage.set(HOME);
    this.shelfKey = picture;
    this.page.full.show(this.stage.image, picture);
    setAttributes(this.stage.image, { alt: words });
    setAttributes(this.stage.element, { "aria-label": `${words}. Arrows turn, plus and minus zoom.` });
    if (another) this.page.speaker.say(words);
  }

  /** Fill the window, or the view; what is said is heard there alone, as all else is out of reach meanwhile. */
  enlarge() {
    if (this.count === 0) return;
    this.home = this.element.parentNode;
    this.dialog.append(this.element, this.page.speaker.element);
    // VS Code has the outputs of all cells in one frame, as long as the notebook and behind the code of its cells:
    // what fills that frame is mostly out of sight.
    if (document.body.matches(".vscode-light, .vscode-dark, .vscode-high-contrast")) this.dialog.open = true;
    else this.dialog.showModal();
    setText(this.large, "Small");
    this.stage.set(HOME);
    this.stage.element.focus({ preventScroll: true });
  }

  escape(event) {
    if (event.key === "Escape" && !event.defaultPrevented) this.dialog.close();
  }

  small() {
    this.home?.append(this.element);
    this.page.root.append(this.page.speaker.element);
    setText(this.large, "Large");
    this.stage.set(HOME);
    this.shown.closed();
  }

  toggle() {
    if (this.count === 0) return;
    this.known.hidden = !this.known.hidden;
    press(this.details, !this.known.hidden);
    const image = this.shown.at(this.place);
    if (!this.known.hidden && image) this.read(image.generation_id);
  }

  async read(generation_id) {
    this.knownOf = generation_id;
    this.known.replaceChildren(element("p", { text: "Reading…" }));
    const reply = await this.page.line.ask("details", { generation_id });
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
      this.page.thumbnails.show(image, item.picture);
      const look = () => this.show(item, words);
      return element("li", {}, button("", look, { class: "skp-open" }, image, element("span", { text: words })));
    });
    return [element("p", { text: title, class: "skp-title" }), element("ul", { class: "skp-list" }, ...made)];
  }
}
