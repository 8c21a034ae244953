// A gallery of thousands of images: what filters leave, what is selected of it, and a way into a shot.
import { element, setAttributes, setText, short } from "./common.js";
import { able, button, field, isolated, press, row, Page } from "./page.js";
import { Cells, itemWords } from "./gallery_cells.js";
import { Box } from "./lightbox_box.js";

const CHECKS = { unpositioned: "not on its timeline", starred: "starred", edits_only: "edits only", children: "children" };

/** What the filters of a request are, by the values of the form's controls. */
export function filtersOf({ where, unpositioned, ...plain }, parent = null) {
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value));
  if (parent) given.parent = parent;
  if (where === "in_no_shot") given.in_no_shot = true;
  else if (where) Object.assign(given, { shot: where.slice("shot:".length), ...(unpositioned && { unpositioned }) });
  return given;
}

/** The values of the form's controls, by the filters. */
export function valuesOf(filters) {
  const { shot, in_no_shot, project = "", media_type = "", prompt = "" } = filters;
  const checks = Object.keys(CHECKS).map((name) => [name, Boolean(filters[name])]);
  const where = in_no_shot ? "in_no_shot" : shot ? `shot:${shot}` : "";
  return { project, media_type, prompt, where, ...Object.fromEntries(checks) };
}

/** How many there are, in words. */
export function counted(total) {
  return total === 1 ? "1 image" : `${total.toLocaleString("en")} images`;
}

/** Two states' filters are the same. */
function alike(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

function option(value, text) {
  return element("option", { value, text });
}

/** A shot in a list of them: its name, and of which project it is. */
function shotOption(value, { name, project }, words = "") {
  const of = project ? ` (${isolated(short(project, 30))})` : "";
  return option(value, `${words}${isolated(short(name, 40))}${of}`);
}

/** Put options in place of those of a select, what is chosen staying so. */
function setOptions(select, ...options) {
  const { value } = select;
  select.replaceChildren(...options);
  if (options.some((made) => made.value === value)) select.value = value;
}

class GalleryPage extends Page {
  constructor(model, el) {
    super(model, el, "gallery");
    this.cells = new Cells(this);
    this.box = this.lightbox();
    this.asking = 0;
    this.count = element("p", { class: "skp-count" });
    this.added = element("span", { class: "skp-mark" });
    this.filters = this.filterForm();
    this.empty = element("p", { class: "skp-empty", hidden: true });
    const several = button("Select several", () => press(several, (this.several = !this.several)));
    press(several, false);
    this.target = element("select", {});
    this.onTimeline = element("input", { type: "checkbox", checked: true });
    this.add = button("Add to the shot", () => this.addSelected());
    this.look = button("Large", () => this.enlarge(), { title: "Of the image that was pressed or moved to last" });
    this.actions = row(
      this.look, several, button("Select all", () => this.selectAll()),
      button("Select none", () => this.select({ mode: "only", start: 0, stop: 0 })),
      field("Shot", this.target), field("on its timeline", this.onTimeline), this.add, this.added,
    );
  }

  /** The images of the list one by one; the one that is shown is the one that keys go to. */
  lightbox() {
    const { cells } = this;
    return new Box(this, {
      get count() { return cells.list.total; },
      at: (place) => cells.item(place),
      words: itemWords,
      none: "No image is left.",
      turned: (place) => place !== cells.active && cells.goTo(place),
      closed: () => cells.element.focus(),
    });
  }

  enlarge() {
    this.box.turn(this.cells.active);
    this.box.enlarge();
  }

  filterForm() {
    const checks = Object.keys(CHECKS).map((name) => [name, element("input", { type: "checkbox" })]);
    this.of = {
      project: element("select", { on: { change: () => this.leaveShot() } }),
      media_type: element("select", {}, option("", "all"), option("image", "images"), option("video", "films")),
      where: element("select", {}),
      ...Object.fromEntries(checks),
      prompt: element("input", { type: "search", dir: "auto", size: 14 }),
    };
    const labels = { project: "Project", media_type: "Show", where: "where", ...CHECKS, prompt: "Prompt has" };
    const fields = Object.entries(labels).map(([name, text]) => field(text, this.of[name]));
    this.family = button("", () => this.filter(this.parent ? null : this.activeId()));
    setAttributes(this.family, { title: "Of the image that was pressed or moved to last" });
    this.off = button("All filters off", () => this.list({}));
    const on = { change: () => this.filter(this.parent) };
    const given = { class: "sk-group", role: "group", "aria-label": "Filters", on };
    return element("div", given, ...fields, this.family, this.off, this.refreshButton());
  }

  /** Another project has other shots. */
  leaveShot() {
    const { where } = this.of;
    if (where.value.startsWith("shot:")) where.value = "";
  }

  update() {
    const { version, total, ranges, selected, filters, shots, projects = [], error } = this.state;
    const offered = [projects, shots, filters.project];
    if (!alike(offered, this.offered)) this.offer(...offered);
    this.offered = offered;
    const list = { version, total, ranges };
    if (!alike(filters, this.shown)) this.renew(filters, list);
    else if (version !== this.cells.list.version) this.follow();
    else this.cells.mark(list);
    if (!alike(error ?? null, this.told ?? null)) this.explain(error);
    this.told = error;
    setText(this.count, `${counted(total)}, ${selected.toLocaleString("en")} selected`);
    able(this.add, selected > 0 && this.target.value);
    this.blank(total, filters);
    this.fill(filters);
    this.arrived();
  }

  /** List the projects and the shots to choose from: those of a project, if one is chosen. */
  offer(projects, shots, chosen) {
    const named = projects.map(({ id, name }) => option(id, isolated(short(name, 40))));
    setOptions(this.of.project, option("", "all"), ...named);
    this.of.project.parentNode.hidden = projects.length < 2;
    const within = shots.filter(({ project_id }) => !chosen || project_id === chosen);
    const several = new Set(within.map(({ project }) => project)).size > 1;
    const told = within.map(({ project, ...shot }) => ({ ...shot, project: several && project }));
    setOptions(this.of.where, option("", "anywhere"), option("in_no_shot", "in no shot"),
      ...told.map((shot) => shotOption(`shot:${shot.id}`, shot, "in ")));
    const targets = told.map((shot) => shotOption(shot.id, shot));
    setOptions(this.target, ...(targets.length ? targets : [option("", "there is none yet")]));
  }

  renew(filters, list) {
    this.shown = filters;
    this.parent = filters.parent ?? null;
    setText(this.family, this.parent ? "All, not children of one" : "Children of this one");
    able(this.off, Object.keys(filters).length > 0);
    this.cells.renew(list);
  }

  /** Let the form say what another listing is, unless it asks for something else by now. */
  fill(filters) {
    if (this.asking || alike(filters, this.filled)) return;
    this.filled = filters;
    for (const [name, value] of Object.entries(valuesOf(filters))) {
      this.of[name][typeof value === "boolean" ? "checked" : "value"] = value;
    }
    this.of.unpositioned.disabled = !filters.shot;
  }

  /** Show what the list has become, as often as it became another meanwhile. */
  async follow() {
    if (this.following) return;
    this.following = true;
    const { version, total: before } = this.cells.list;
    while (this.state.version !== this.cells.list.version && alike(this.state.filters, this.shown)) {
      const { version: next, total, ranges } = this.state;
      const error = await this.cells.follow({ version: next, total, ranges });
      if (error) {
        this.explain(error);
        break;
      }
    }
    this.following = false;
    const { total } = this.cells.list;
    if (version !== this.cells.list.version && total !== before) this.speaker.say(`The list changed: ${counted(total)}.`);
    this.cells.mark({ ...this.cells.list, ...(this.state.version === this.cells.list.version && { ranges: this.state.ranges }) });
    this.arrived();
  }

  /** Say why nothing is listed. */
  blank(total, filters) {
    this.cells.element.hidden = total === 0;
    this.empty.hidden = total > 0;
    const filtered = Object.keys(filters).length > 0;
    const words = this.parent ? "It has no children that fit." : "No image fits these filters.";
    setText(this.empty, filtered ? words : "There are no images yet.");
  }

  /** What can be done with the image that was pressed or moved to last. */
  arrived() {
    able(this.family, this.parent || this.activeId());
    able(this.look, this.cells.list.total > 0);
    if (this.box.dialog.open) this.box.turn(this.cells.active);
  }

  activeId() {
    return this.cells.items.get(this.cells.active)?.generation_id ?? null;
  }

  filter(parent) {
    const value = (control) => (control.type === "checkbox" ? control.checked : control.value);
    const values = Object.fromEntries(Object.entries(this.of).map(([name, control]) => [name, value(control)]));
    return this.list(filtersOf(values, parent));
  }

  /** Have another list. */
  async list(filters) {
    setText(this.count, "Looking…");
    this.asking += 1;
    const reply = await this.line.ask("filter", filters);
    this.asking -= 1;
    this.explain(reply.error);
    this.filled = null;
    this.update();
    if (!reply.error) this.speaker.say(this.count.textContent);
  }

  async select(wanted) {
    const reply = await this.line.ask("select", { version: this.cells.list.version, ...wanted });
    this.explain(reply.error);
    if (!reply.error) this.speaker.say(`${this.state.selected} selected`);
  }

  selectAll() {
    this.select({ mode: "add", start: 0, stop: this.cells.list.total });
  }

  async addSelected() {
    this.say(`Adding ${this.state.selected}…`, "pending");
    const args = { shot_id: this.target.value, positioned: this.onTimeline.checked };
    const waits = () => this.say("Python is busy; this waits.", "pending");
    const { added, of, refused, error } = await this.line.ask("add", args, waits);
    const reason = (error ?? refused)?.message;
    if (reason) this.say(`Refused${added ? ` after ${added} of ${of} were added` : ""}: ${reason}`, "refused");
    else this.say(`${added} added.`, "saved");
  }

  say(text, kind) {
    setText(this.added, text);
    setAttributes(this.added, { "data-kind": kind, dir: "auto" });
    this.speaker.say(text);
  }

  close() {
    this.cells.close();
    super.close();
  }
}

function render({ model, el }) {
  const page = new GalleryPage(model, el);
  return page.begin(page.filters, page.count, page.empty, page.cells.element, page.actions, page.box.dialog);
}

export default { render };
