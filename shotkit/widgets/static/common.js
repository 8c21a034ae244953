// What every widget's page shares: elements out of text alone, requests with one reply each, pictures.

const PICTURE_TYPES = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"]);
const GONE = "Python is not there any more: its kernel was restarted or ended. Run the cell again.";
const PATIENCE = 10_000; // milliseconds until a page says that Python is silent

/** An element; `given` are attributes, `on` its listeners, `text` and `children` its content, never markup. */
export function element(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  const { text, on = {}, ...attributes } = given;
  setAttributes(made, attributes);
  for (const [name, listener] of Object.entries(on)) made.addEventListener(name, listener);
  if (text !== undefined) made.textContent = text;
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Set attributes that differ; null, undefined and false take one away. */
export function setAttributes(made, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) made.removeAttribute(name);
    else if (made.getAttribute(name) !== String(value)) made.setAttribute(name, value === true ? "" : value);
  }
}

/** Set the text of an element if it differs, so that a live region speaks only of what is new. */
export function setText(made, text) {
  if (made.textContent !== text) made.textContent = text;
}

/** Keep keys from the notebook's shortcuts; those with Ctrl or Command stay its own, unless used here. */
export function keepKeys(root) {
  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || !(event.ctrlKey || event.metaKey)) event.stopPropagation();
  });
}

/** The address if a page may load it as a picture: https, and nothing else. */
export function safeAddress(address) {
  try {
    return new URL(address).protocol === "https:" ? address : "";
  } catch {
    return "";
  }
}

/** Text of users, cut for a label. */
export function short(text, longest = 80) {
  const flat = String(text ?? "").replace(/\s+/gu, " ").trim();
  const letters = Array.from(flat.slice(0, longest * 2));
  return letters.length > longest || flat.length > longest * 2 ? `${letters.slice(0, longest).join("")}…` : flat;
}

/** A page's end of a model: `ask` sends a request and resolves with its one reply. */
export class Line {
  #model;
  #waiting = new Map();
  #name = Math.random().toString(36).slice(2, 12);
  #count = 0;
  #receive;

  /** `onNews(content, buffers)` gets every message that answers no request of this page: another page may ask. */
  constructor(model, onNews = () => {}) {
    this.#model = model;
    this.#receive = (content, buffers) => {
      const waiting = this.#waiting.get(content?.id);
      if (waiting === undefined) {
        onNews(content ?? {}, buffers ?? []);
        return;
      }
      this.#waiting.delete(content.id);
      clearTimeout(waiting.timer);
      waiting.resolve({ ...content, buffers: buffers ?? [] });
    };
    model.on("msg:custom", this.#receive);
  }

  /** Resolve with {ok, ..., buffers} or {error, buffers}; `onSilence()` is called when Python takes long. */
  ask(type, args = {}, onSilence = () => {}) {
    const id = `${this.#name}:${(this.#count += 1)}`;
    return new Promise((resolve) => {
      this.#waiting.set(id, { resolve, timer: setTimeout(onSilence, PATIENCE) });
      try {
        this.#model.send({ id, type, args });
      } catch {
        this.#receive({ id, error: { kind: "Disconnected", message: GONE } }); // the kernel was restarted
      }
    });
  }

  close() {
    this.#model.off("msg:custom", this.#receive);
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }
}

/** The pictures of a view by their keys, asked for together, what was wished last first. */
export class PictureShelf {
  #line;
  #size;
  #most;
  #kept = new Map();
  #wished = [];
  #asking = false;

  constructor(line, { size = "thumbnail", most = 2000 } = {}) {
    this.#line = line;
    this.#size = size;
    this.#most = most;
  }

  /** Show the picture of `key` in an img element as soon as it is there. */
  show(image, key) {
    if (image.dataset.key === key) return;
    image.dataset.key = key;
    image.removeAttribute("src");
    this.get(key).then(({ src, why }) => {
      if (image.dataset.key !== key) return;
      setAttributes(image, { src: src || null, title: why ? `No picture: ${why}` : null });
      image.classList.toggle("sk-missing", !src || Boolean(why));
    });
  }

  /** Resolve with {src, why}. */
  get(key) {
    let kept = this.#kept.get(key);
    if (kept === undefined) {
      kept = {};
      kept.here = new Promise((resolve) => { kept.resolve = resolve; });
      this.#wished.push(key);
      if (!this.#asking) {
        this.#asking = true;
        queueMicrotask(() => this.#ask());
      }
    }
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept.here;
  }

  close() {
    for (const kept of this.#kept.values()) this.#drop(kept);
    this.#kept.clear();
    this.#wished = [];
  }

  async #ask() {
    while (this.#wished.length > 0) {
      const keys = this.#wished.splice(-32).reverse();
      const reply = await this.#line.ask("pictures", { keys, size: this.#size });
      const found = new Map((reply.pictures ?? []).map((picture) => [picture.key, picture]));
      for (const key of keys) this.#arrived(key, found.get(key) ?? { why: reply.error?.message }, reply.buffers);
    }
    this.#asking = false;
    this.#leave();
  }

  #arrived(key, picture, buffers) {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    kept.blob = blobAddress(picture, buffers);
    kept.resolve({ src: kept.blob || safeAddress(picture.url ?? ""), why: picture.why ?? "" });
  }

  #leave() {
    for (const [key, kept] of this.#kept) {
      if (this.#kept.size <= this.#most) return;
      this.#kept.delete(key);
      this.#drop(kept);
    }
  }

  #drop(kept) {
    if (kept.blob) URL.revokeObjectURL(kept.blob);
  }
}

/** The address of a picture's bytes, '' if it has none or they are of a type that may run scripts. */
export function blobAddress(picture, buffers) {
  const bytes = buffers[picture.buffer];
  if (bytes === undefined || !PICTURE_TYPES.has(picture.mime)) return "";
  return URL.createObjectURL(new Blob([bytes], { type: picture.mime }));
}

/** A live region: says what happened to those who do not see it. */
export class Speaker {
  constructor() {
    this.element = element("div", { class: "sk-unseen", role: "status", "aria-live": "polite" });
  }

  say(text) {
    // The same words again are news too: a live region speaks only of what changes.
    this.element.textContent = this.element.textContent === text ? `${text}\u00a0` : text;
  }
}
