// What a timeline's page has once, however many cells show it.

import { Line, PictureShelf } from "./common.js";
import { Store } from "./timeline_store.js";

/** What all views of one model share: its line, its state, its pictures. */
export class Shared {
  constructor(model) {
    this.line = new Line(model, (content) => this.store.hear(content.news));
    this.shelf = new PictureShelf(this.line);
    this.silent = false;
    this.store = new Store(model.get("state"), (proposal) => this.#send(proposal), () => this.#catchUp());
    // A notebook that is saved now shows today's order when it is opened.
    this.store.listen(() => model.get("state") !== this.store.state && model.set("state", this.store.state));
    model.on("change:state", () => model.get("state") !== this.store.state && this.store.reset(model.get("state")));
    this.#catchUp(); // news that were told while this page was being made
  }

  close() {
    this.line.close();
    this.shelf.close();
  }

  async #send({ type, args = {}, version }) {
    const whole = ["undo", "redo", "retry"].includes(type) ? args : { ...args, version };
    const reply = await this.line.ask(type, whole, () => {
      this.silent = true;
      this.store.tell();
    });
    this.silent = false;
    return reply;
  }

  async #catchUp() {
    const reply = await this.line.ask("whole", { revision: this.store.state.revision });
    if (reply.state && reply.state.revision > this.store.state.revision) this.store.reset(reply.state);
  }
}
