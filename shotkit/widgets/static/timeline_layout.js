// Where things stand on a timeline: frames to pixels and back, what is in sight. Pure.

export const CELL = 112; // pixels of an image in a strip
export const NARROWEST = 24; // pixels: the smallest target for a finger
export const CLOSEST = 16; // pixels a frame

/** The images on the timeline by frame, and those off it, oldest first. */
export function parted(rows) {
  const placed = rows.filter((row) => row.timeline_frame !== null);
  const tray = rows.filter((row) => row.timeline_frame === null);
  placed.sort((a, b) => a.timeline_frame - b.timeline_frame || compare(a.id, b.id));
  tray.sort((a, b) => compare(a.created_at ?? "", b.created_at ?? "") || compare(a.id, b.id));
  return { placed, tray };
}

/** The left edge and the width in pixels of each row: on the ruler by frame, in a strip by place. */
export function boxes(placed, mode, zoom) {
  if (mode === "strip") return placed.map((_, index) => ({ left: index * CELL, width: CELL }));
  return placed.map((row, index) => {
    const next = placed[index + 1];
    const room = next ? (next.timeline_frame - row.timeline_frame) * zoom : CELL;
    return { left: row.timeline_frame * zoom, width: Math.min(CELL, Math.max(NARROWEST, room)) };
  });
}

/** How many pixels wide it all is, with room to drop behind the last. */
export function extent(all) {
  const last = all[all.length - 1];
  return last ? last.left + last.width + CELL : CELL;
}

/** The first and the last place (exclusive) of the boxes between two edges; boxes are in order. */
export function inSight(all, left, right) {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (all[middle].left < right) low = middle + 1;
    else high = middle;
  }
  let first = low;
  while (first > 0 && all[first - 1].left + CELL > left) first -= 1;
  return [first, low];
}

/** The frame at a pixel. */
export function frameAt(x, zoom) {
  return Math.max(0, Math.floor(x / zoom + 0.5));
}

/** The id before which something dropped with its left edge at `x` goes; null behind the last. */
export function beforeAt(placed, all, x, dragged) {
  for (const [index, row] of placed.entries()) {
    if (!dragged.has(row.id) && x < all[index].left + (all[index].width > CELL / 2 ? all[index].width / 2 : 0)) {
      return row.id;
    }
  }
  return null;
}

/** The id of the first that stays behind the dragged; null when they are last, or none is on the timeline. */
export function nextOf(placed, dragged) {
  const last = placed.findLastIndex((row) => dragged.has(row.id));
  if (last < 0) return null;
  return placed.slice(last + 1).find((row) => !dragged.has(row.id))?.id ?? null;
}

/** The id `by` places further among those that stay, from before `before`; null behind the last. */
export function further(placed, dragged, before, by) {
  const stay = placed.filter((row) => !dragged.has(row.id)).map((row) => row.id);
  const from = before === null ? stay.length : stay.indexOf(before);
  return stay[Math.min(stay.length, Math.max(0, from + by))] ?? null;
}

/** The frames that rows may get before `before`: what is shown until Python says which they are. */
export function foreseen(placed, ids, before) {
  const dragged = new Set(ids);
  const stay = placed.filter((row) => !dragged.has(row.id));
  const place = before === null ? stay.length : stay.findIndex((row) => row.id === before);
  const low = place > 0 ? stay[place - 1].timeline_frame : -1;
  const high = place < stay.length ? stay[place].timeline_frame : low + 81 * (ids.length + 1);
  const step = (high - low) / (ids.length + 1);
  return Object.fromEntries(ids.map((id, index) => [id, low + step * (index + 1)]));
}

/** The frames of the ruler's marks between two edges: round numbers, some 80 pixels apart. */
export function marks(zoom, left, right) {
  const wanted = 80 / zoom;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = Math.max(1, [1, 2, 5, 10].map((times) => times * power).find((each) => each >= wanted));
  const found = [];
  for (let frame = Math.max(0, Math.ceil(left / zoom / step)) * step; frame * zoom <= right; frame += step) {
    found.push(frame);
  }
  return found;
}

/** The zoom at which `placed` fills `width` pixels, as far as that is allowed. */
export function fitting(placed, width) {
  const last = placed[placed.length - 1]?.timeline_frame ?? 0;
  return clamp((width - CELL - 4) / Math.max(1, last), placed);
}

/** The zoom at which most images are seen whole. */
export function comfortable(placed) {
  return clamp((CELL + 8) / usualGap(placed), placed);
}

/** The zoom within its limits: most images stay wide enough for a finger. */
export function clamp(zoom, placed) {
  return Math.min(CLOSEST, Math.max(NARROWEST / usualGap(placed), zoom));
}

/** The gap, in frames, that three of four gaps are not below. */
function usualGap(placed) {
  const gaps = placed.slice(1).map((row, index) => row.timeline_frame - placed[index].timeline_frame);
  gaps.sort((a, b) => a - b);
  return Math.max(1, gaps[Math.floor(gaps.length / 4)] ?? 81);
}

function compare(a, b) {
  return a < b ? -1 : Number(a > b);
}
