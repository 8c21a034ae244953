// Zooming by two fingers, on the screen or on a touchpad.

const WHEEL = 0.01; // of a doubling, for each pixel that a touchpad tells

/** What two fingers on a timeline's ruler do to its zoom; a drag that the first began is cancelled. */
export class Pinch {
  #view;
  #begun = null;

  constructor(view) {
    this.#view = view;
    const { scroll } = view;
    scroll.addEventListener("touchstart", (event) => this.#begin(event), { passive: true });
    scroll.addEventListener("touchmove", (event) => this.#move(event), { passive: false });
    for (const end of ["touchend", "touchcancel"]) scroll.addEventListener(end, () => { this.#begun = null; });
    scroll.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  #begin({ touches }) {
    if (touches.length !== 2 || this.#view.mode === "strip") return;
    this.#view.cancel();
    this.#view.drag.stop();
    this.#begun = { apart: apart(touches), zoom: this.#view.zoom };
  }

  #move(event) {
    if (this.#begun === null || event.touches.length !== 2) return;
    if (event.cancelable) event.preventDefault();
    const [a, b] = event.touches;
    this.#zoom((this.#begun.zoom * apart(event.touches)) / this.#begun.apart, (a.clientX + b.clientX) / 2);
  }

  // A touchpad tells of two fingers as of a wheel with Ctrl.
  #wheel(event) {
    if (!event.ctrlKey || this.#view.mode === "strip") return;
    event.preventDefault();
    this.#zoom(this.#view.zoom * 2 ** (-event.deltaY * WHEEL), event.clientX);
  }

  #zoom(zoom, x) {
    this.#view.setZoom(zoom, x - this.#view.scroll.getBoundingClientRect().left);
  }
}

function apart([a, b]) {
  return Math.max(1, Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY));
}
