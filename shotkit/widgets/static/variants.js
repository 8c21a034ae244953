// The variants of a generation: a list with its actions, and two of them compared.
import { element, setAttributes, setText, short } from "./common.js";
import { able, button, isolated, press, row, Page } from "./page.js";

const AGES = [["year", 31_557_600], ["month", 2_629_800], ["day", 86_400], ["hour", 3_600], ["minute", 60]];

/** How long ago a moment was: "3 hours ago". */
export function ago(moment, now = Date.now()) {
  const seconds = (now - Date.parse(moment)) / 1000;
  if (Number.isNaN(seconds)) return "";
  const found = AGES.find(([, length]) => seconds >= length);
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  return found ? words.format(-Math.trunc(seconds / found[1]), found[0]) : "just now";
}

/** What a variant is called: by its name, else its type. */
export function variantName(variant) {
  return isolated(short(variant.name || variant.variant_type || "variant", 60));
}

/** What marks a variant, in words. */
export function variantFlags({ is_primary, is_new, is_video }) {
  return [is_primary && "primary", is_new && "new", is_video && "film"].filter(Boolean);
}

/** The two that are compared: those picked that are still there, before them the first of the others. */
export function comparedPair(variants, picked) {
  const ids = variants.map(({ id }) => id);
  const kept = picked.filter((id) => ids.includes(id)).slice(-2);
  return [...ids.filter((id) => !kept.includes(id)).slice(0, 2 - kept.length), ...kept];
}

/** What deleting would come to, in a sentence. */
export function consequence({ left, primary }, variant, variants) {
  if (left === 0) return "It is the only variant: the generation would have no picture left.";
  const others = left === 1 ? "One other variant stays" : `${left} other variants stay`;
  const next = variants.find(({ id }) => id === primary);
  return variant.is_primary && next ? `${others}; ${variantName(next)} becomes primary.` : `${others}.`;
}

class VariantItem {
  constructor(page, id) {
    this.page = page;
    this.id = id;
    this.image = element("img", { class: "skp-thumb", decoding: "async" });
    this.open = button("", () => page.open(id), { class: "skp-open" }, this.image);
    this.name = element("bdi", { class: "sk-name" });
    this.facts = element("div", { class: "skp-facts" });
    this.primary = button("Make primary", () => this.act("make_primary", {}, "Primary now."));
    this.star = button("☆", () => this.act("star", { starred: !this.variant.starred }, "Saved."));
    this.compare = button("Compare", () => page.pick(id));
    this.remove = button("Delete", () => this.question());
    const escape = ({ key }) => { if (key === "Escape") this.answered(); };
    this.asked = element("div", { class: "skp-question", hidden: true, on: { keydown: escape } });
    this.mark = element("div", { class: "skp-mark" });
    const actions = row(this.primary, this.star, this.compare, this.remove);
    this.element = element("li", {}, this.open, this.name, this.facts, actions, this.asked, this.mark);
  }

  update(variant) {
    this.variant = variant;
    const name = variantName(variant);
    const flags = variantFlags(variant);
    const type = variant.name && variant.variant_type ? `${isolated(short(variant.variant_type, 40))} · ` : "";
    const badges = flags.map((text) => element("span", { class: "skp-badge", text }));
    setText(this.name, name);
    this.facts.replaceChildren(`${type}${ago(variant.created_at)}`, ...badges);
    this.page.thumbnails.show(this.image, variant.picture);
    setAttributes(this.image, { alt: [name, ...flags].join(", ") });
    setText(this.star, variant.starred ? "★" : "☆");
    press(this.star, variant.starred);
    able(this.primary, !variant.is_primary);
    setAttributes(this.element, { "data-primary": variant.is_primary });
    const labels = { open: "Look at", primary: "Make primary:", star: "Star", compare: "Compare", remove: "Delete" };
    for (const [part, verb] of Object.entries(labels)) setAttributes(this[part], { "aria-label": `${verb} ${name}` });
  }

  /** Ask here, in no window of the browser, whether to delete; Python says what it would come to. */
  async question() {
    const reply = await this.send("delete", {});
    if (reply.error) return;
    this.say("");
    const text = `Delete ${variantName(this.variant)}? ${consequence(reply, this.variant, this.page.variants)}`;
    const sure = button("Delete it", () => this.act("delete", { confirmed: true }, "Deleted."));
    const keep = button("Keep it", () => this.answered());
    this.asked.replaceChildren(element("p", { text }), row(sure, keep));
    this.asked.hidden = false;
    this.page.speaker.say(text);
    keep.focus();
  }

  answered() {
    if (this.asked.hidden) return;
    this.asked.hidden = true;
    this.remove.focus();
  }

  async act(type, args, done) {
    this.answered();
    if ((await this.send(type, args)).error) return;
    this.say(done, "saved");
    this.page.speaker.say(`${variantName(this.variant)}: ${done}`);
  }

  /** Send a request; say beside the variant that it is pending, and why it is refused. */
  async send(type, args) {
    this.say("Asking…", "pending");
    const waits = () => this.say("Python is busy; this waits.", "pending");
    const reply = await this.page.line.ask(type, { variant_id: this.id, ...args }, waits);
    if (reply.error) {
      this.say(`Refused: ${reply.error.message}`, "refused");
      this.page.speaker.say(`${variantName(this.variant)} refused: ${reply.error.message}`);
    }
    return reply;
  }

  say(text, kind = null) {
    setText(this.mark, text);
    setAttributes(this.mark, { "data-kind": kind, dir: "auto" });
  }
}

class Comparison {
  constructor(page) {
    this.page = page;
    this.images = [0, 1].map(() => element("img", { decoding: "async", draggable: "false" }));
    this.names = [0, 1].map(() => element("figcaption"));
    const on = { input: () => this.cut() };
    this.slider = element("input", { type: "range", class: "skp-slider", value: 50, on });
    this.modes = ["Side by side", "Slider"].map((text, mode) => button(text, () => this.choose(mode)));
    this.figures = this.images.map((image, place) => element("figure", {}, image, this.names[place]));
    const drag = (event) => this.drag(event);
    this.stage = element("div", { class: "skp-pair", on: { pointerdown: drag, pointermove: drag } }, ...this.figures);
    this.choice = row(...this.modes);
    const given = { role: "group", "aria-label": "Variants large" };
    this.element = element("div", given, this.choice, this.stage, this.slider);
    this.choose(0);
  }

  choose(mode) {
    this.modes.forEach((made, place) => press(made, place === mode));
    setAttributes(this.stage, { "data-sliding": mode === 1 });
    this.slider.hidden = mode !== 1;
    this.cut();
  }

  cut() {
    this.stage.style.setProperty("--sk-cut", `${this.slider.value}%`);
  }

  drag(event) {
    if (this.slider.hidden || event.buttons !== 1) return;
    const { left, width } = this.stage.getBoundingClientRect();
    this.slider.value = (100 * (event.clientX - left)) / width;
    this.cut();
  }

  update(pair) {
    if (pair.length < 2) this.choose(0);
    this.element.hidden = pair.length === 0;
    this.choice.hidden = this.figures[1].hidden = pair.length < 2;
    const names = pair.map(variantName);
    pair.forEach((variant, place) => {
      this.page.full.show(this.images[place], variant.picture);
      setAttributes(this.images[place], { alt: `${place ? "right" : "left"}: ${names[place]}` });
      setText(this.names[place], `${names[place]}${variant.is_primary ? " (primary)" : ""}`);
    });
    setAttributes(this.slider, { "aria-label": `Percent of ${names[0]} seen, the rest is ${names[1]}` });
  }
}

class VariantsPage extends Page {
  constructor(model, el) {
    super(model, el, "variants");
    this.items = new Map();
    this.picked = [];
    this.count = element("strong", { tabindex: -1 });
    this.note = element("p", { class: "skp-note", hidden: true, dir: "auto" });
    this.list = element("ul", { class: "skp-list" });
    this.comparison = new Comparison(this);
  }

  update() {
    const { variants = [], error } = this.state;
    const focused = this.root.contains(document.activeElement) && document.activeElement;
    this.variants = variants;
    this.explain(error);
    setText(this.count, variants.length === 1 ? "1 variant" : `${variants.length} variants`);
    const ids = new Set(variants.map(({ id }) => id));
    for (const [id, item] of this.items) {
      if (ids.has(id)) continue;
      this.items.delete(id);
      item.element.remove();
    }
    variants.forEach((variant, place) => this.place(variant, this.list.children[place]));
    this.compare();
    // What was moved or deleted has lost the focus.
    if (focused && document.activeElement !== focused) (focused.isConnected ? focused : this.count).focus();
  }

  place(variant, there) {
    if (!this.items.has(variant.id)) this.items.set(variant.id, new VariantItem(this, variant.id));
    const item = this.items.get(variant.id);
    item.update(variant);
    if (there !== item.element) this.list.insertBefore(item.element, there ?? null);
  }

  compare() {
    const pair = comparedPair(this.variants, this.picked);
    this.comparison.update(pair.map((id) => this.items.get(id).variant));
    for (const [id, item] of this.items) press(item.compare, pair.length === 2 && pair.includes(id));
  }

  pick(id) {
    this.picked = [...comparedPair(this.variants, this.picked).filter((other) => other !== id), id].slice(-2);
    this.compare();
    if (this.items.get(id).variant.is_new && this.note.hidden) this.look(id);
  }

  /** Note that it was looked at. Nobody asked for that, so a refusal is told once, and not asked for again. */
  async look(id) {
    const { error } = await this.line.ask("view", { variant_id: id });
    if (!error || !this.note.hidden) return;
    setText(this.note, `What you look at stays marked as new: ${error.message}`);
    this.note.hidden = false;
    this.speaker.say(this.note.textContent);
  }

  open(id) {
    this.pick(id);
    this.comparison.element.scrollIntoView({ block: "nearest" });
    this.speaker.say(`${variantName(this.items.get(id).variant)} is shown large.`);
  }
}

function render({ model, el }) {
  const page = new VariantsPage(model, el);
  return page.begin(row(page.count, page.refreshButton()), page.note, page.list, page.comparison.element);
}

export default { render };
