// What a page knows of a timeline: Python's state, and over it the proposals that are not answered yet. Pure.

const REMEMBERED = 8; // orders

/** Whether a change was refused as the shot is not what its page showed. */
export function isStale(note) {
  return note.error?.kind === "StaleShotError";
}

/** Why a change was refused, in a page's words where Python's speak of Python. */
export function reason(note) {
  return isStale(note) ? "the order changed meanwhile. Nothing was written." : note.why;
}

/** The orders seen and found where they differ, and around: [[{id, frame, marked}, ...], ...], null for a gap. */
export function bothOrders(rows, differ, ids) {
  const seen = new Map(rows.map((row) => [row.id, row.timeline_frame]));
  const found = new Map(seen);
  for (const link of differ) {
    if ("found" in link) found.set(link.id, link.found);
    else found.delete(link.id);
  }
  const marked = new Set([...differ.map((link) => link.id), ...ids]);
  return [seen, found].map((frames) => around(frames, marked));
}

function around(frames, marked) {
  const order = [...frames].filter(([id, frame]) => frame !== null || marked.has(id));
  order.sort(([, a], [, b]) => (a ?? Infinity) - (b ?? Infinity));
  const near = (index) => [index - 1, index, index + 1].some((each) => order[each] && marked.has(order[each][0]));
  const shown = order.map(([id, frame], index) => (near(index) ? { id, frame, marked: marked.has(id) } : null));
  return shown.filter((each, index) => each !== null || shown[index - 1] !== null);
}

/** The state after news. */
export function applied(state, news) {
  const { gone = [], added = [], changed = {}, after: _, ...fields } = news;
  const without = new Set(gone);
  const rows = state.rows.filter((row) => !without.has(row.id));
  return {
    ...state,
    ...fields,
    rows: [...rows.map((row) => (Object.hasOwn(changed, row.id) ? { ...row, ...changed[row.id] } : row)), ...added],
  };
}

/** The state, its proposals and what became of them; `tell()` is called after every change. */
export class Store {
  #send;
  #listeners = new Set();
  #waiting = [];
  #sent = null;
  #count = 0;
  #early = new Map();
  #rows = null; // what `rows` returned, until something changes

  /** `send(proposal)` resolves with the reply; `missed()` is called when news were lost. */
  constructor(state, send, missed = () => {}) {
    this.state = state;
    this.notes = new Map(); // by link id: {status: pending | saved | refused, why, proposal, error}
    this.last = null; // what became of the last change of the whole shot: {status, type, why}
    this.orders = new Map([[state.version, state.rows]]); // the rows by the versions that were seen last
    this.#send = send;
    this.missed = missed;
  }

  /** The rows with what is proposed shown on them. */
  get rows() {
    this.#rows ??= this.#proposed();
    return this.#rows;
  }

  #proposed() {
    const shown = new Map();
    for (const proposal of [this.#sent, ...this.#waiting]) {
      for (const [id, fields] of Object.entries(proposal?.foreseen ?? {})) shown.set(id, { ...shown.get(id), ...fields });
    }
    if (shown.size === 0) return this.state.rows;
    return this.state.rows.map((row) => (shown.has(row.id) ? { ...row, ...shown.get(row.id) } : row));
  }

  get editable() {
    return this.state.phase === 2;
  }

  get busy() {
    return this.#sent !== null;
  }

  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Take the whole state. */
  reset(state) {
    this.#early.clear();
    this.#take(state);
    this.tell();
  }

  /** Take news; those that come too early wait for the ones between. */
  hear(news) {
    if (!news || Object.keys(news).length === 0 || news.revision <= this.state.revision) return;
    this.#early.set(news.after, news);
    for (let next; (next = this.#early.get(this.state.revision)); ) {
      this.#early.delete(next.after);
      this.#take(applied(this.state, next));
    }
    if (this.#early.size > 0) this.missed();
    this.tell();
  }

  /** Propose {type, args, ids, foreseen}; one is under way at a time, the others wait in order. */
  propose(proposal) {
    const whole = { version: this.state.version, key: (this.#count += 1), ids: [], ...proposal };
    // What was saved before is no news any more.
    for (const [id, { status }] of this.notes) if (status === "saved") this.notes.delete(id);
    for (const id of whole.ids) this.notes.set(id, { status: "pending", proposal: whole });
    this.#waiting.push(whole);
    this.tell();
    return this.#next();
  }

  /** Forget what was said of a link. */
  dismiss(id) {
    this.notes.delete(id);
    this.tell();
  }

  tell() {
    this.#rows = null;
    for (const listener of this.#listeners) listener();
  }

  #take(state) {
    this.state = state;
    this.#rows = null;
    this.orders.delete(state.version);
    this.orders.set(state.version, state.rows);
    if (this.orders.size > REMEMBERED) this.orders.delete(this.orders.keys().next().value);
  }

  async #next() {
    if (this.#sent !== null || this.#waiting.length === 0) return;
    const proposal = this.#waiting.shift();
    this.#sent = proposal;
    const reply = await this.#send(proposal);
    this.#sent = null;
    this.#answered(proposal, reply);
    this.tell();
    await this.#next();
  }

  #answered(proposal, reply) {
    const ok = reply.error === undefined;
    const note = ok ? { status: "saved" } : { status: "refused", why: reply.error.message, error: reply.error };
    for (const id of proposal.ids) {
      // A later proposal of the same link speaks for it now.
      if (this.notes.get(id)?.proposal.key === proposal.key) this.notes.set(id, { ...note, proposal });
    }
    this.last = { ...note, proposal };
    if (!ok) return;
    // Those that wait were made on the sight of this one: what it led to is the order that they saw.
    for (const waiting of this.#waiting) {
      if (waiting.version === proposal.version) waiting.version = reply.version;
    }
    this.hear(reply.news);
  }
}
