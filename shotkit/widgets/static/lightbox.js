// The images of a shot one by one: zoom and pan, and what is known of each.
import { element, short } from "./common.js";
import { isolated, Page } from "./page.js";
import { Box } from "./lightbox_box.js";

/** An image in words: its name and its place in the shot. */
export function imageWords(image) {
  const frame = image.timeline_frame === null ? "off the timeline" : `frame ${image.timeline_frame}`;
  return [image.name && isolated(short(image.name, 60)), image.is_video && "film", frame].filter(Boolean).join(", ");
}

class LightboxPage extends Page {
  constructor(model, el) {
    super(model, el, "lightbox");
    this.images = [];
    const page = this;
    this.box = new Box(this, {
      get count() { return page.images.length; },
      at: (place) => page.images[place],
      words: imageWords,
      none: "No image is in this shot.",
      closed: () => page.box.large.focus(),
    });
    this.home = element("div", {}, this.box.element);
  }

  update() {
    const { images, error, start } = this.state;
    const { place } = this.box;
    const shown = this.images[place];
    this.images = images;
    this.explain(error);
    const again = images.findIndex((image) => image.generation_id === (shown?.generation_id ?? start));
    const same = shown && images[place]?.generation_id === shown.generation_id;
    this.box.turn(same ? place : Math.max(again, 0));
  }
}

function render({ model, el }) {
  const page = new LightboxPage(model, el);
  return page.begin(page.home, page.box.dialog);
}

export default { render };
