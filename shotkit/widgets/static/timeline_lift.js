// What is lifted, by a finger, a mouse or a key: where it would go, and what is proposed when it is dropped. Pure.

import { foreseen, further, nextOf } from "./timeline_layout.js";

const USUAL_GAP = 81; // frames
const LEAP = 10; // frames that Shift and an arrow go

/** Lift the links `ids` of {placed, tray}: {ids, from, frame, before, tray}. */
// `from` and `frame` are where the first stands and would go, the others as far from it as they are; `frame` is null
// where order alone counts: in a strip, and for several from both the timeline and the tray.
export function lift({ placed, tray }, ids, mode) {
  const wanted = new Set(ids);
  const rows = [...placed, ...tray].filter((row) => wanted.has(row.id));
  const counted = mode === "ruler" && (rows.length === 1 || rows.every((row) => row.timeline_frame !== null));
  const from = rows[0]?.timeline_frame ?? null;
  return {
    ids: rows.map((row) => row.id),
    from,
    frame: counted ? (from ?? behind(placed)) : null,
    before: nextOf(placed, wanted),
    tray: false,
  };
}

/** What a key makes of what is lifted: {lifted, act}; `act` is drop, cancel, or null. */
export function keyed(lifted, { key, shiftKey = false }, { placed }) {
  if (key === "Enter" || key === " ") return { lifted, act: "drop" };
  if (key === "Escape" || key === "Tab") return { lifted, act: "cancel" };
  if (key === "ArrowDown" || key === "ArrowUp") {
    return { lifted: { ...lifted, tray: key === "ArrowDown" }, act: null };
  }
  const moved = lifted.frame === null ? inOrder(lifted, key, placed) : onRuler(lifted, key, shiftKey, placed);
  return { lifted: moved, act: null };
}

/** Whether a key does anything with what is lifted. */
export function isLiftKey(key) {
  return /^(Enter| |Escape|Tab|Home|End|Arrow(Left|Right|Up|Down))$/.test(key);
}

/** Put what is lifted first, one to the left or right, or last in the order, whatever is counted. */
export function stepped(parts, ids, where) {
  const lifted = lift(parts, ids, "strip");
  const key = { first: "Home", left: "ArrowLeft", right: "ArrowRight", last: "End" }[where];
  return inOrder(lifted, key, parts.placed);
}

/** The proposals that a drop makes; none where nothing would change. */
export function proposals(lifted, { placed, tray }) {
  const waiting = new Set(tray.map((row) => row.id));
  if (lifted.tray) {
    return lifted.ids
      .filter((id) => !waiting.has(id))
      .map((id) => ({ type: "unplace", args: { id }, ids: [id], foreseen: { [id]: { timeline_frame: null } } }));
  }
  if (lifted.frame !== null) return ofFrames(lifted, placed);
  if (stays(lifted, placed)) return [];
  const args = { ids: lifted.ids, before: lifted.before };
  return [{ type: "move_to", args, ids: lifted.ids, foreseen: previewed(lifted, placed) }];
}

/** The fields that rows would have if it were dropped now. */
export function previewed(lifted, placed) {
  const frames = lifted.tray
    ? Object.fromEntries(lifted.ids.map((id) => [id, null]))
    : lifted.frame === null
      ? foreseen(placed, lifted.ids, lifted.before)
      : together(lifted, placed);
  return Object.fromEntries(Object.entries(frames).map(([id, frame]) => [id, { timeline_frame: frame }]));
}

/** Where it would go, in words. */
export function whereTo(lifted, placed) {
  if (lifted.tray) return "off the timeline";
  if (lifted.frame !== null) return inFrames(Object.values(together(lifted, placed)));
  const dragged = new Set(lifted.ids);
  const stay = placed.filter((row) => !dragged.has(row.id));
  const place = lifted.before === null ? stay.length : stay.findIndex((row) => row.id === lifted.before);
  return `place ${place + 1} of ${stay.length + lifted.ids.length}`;
}

/** The frames of what is lifted by frame: the first at its own, the others as far from it as they were. */
function together({ ids, from, frame }, placed) {
  if (ids.length === 1) return { [ids[0]]: frame };
  const dragged = new Set(ids);
  const rows = placed.filter((row) => dragged.has(row.id));
  return Object.fromEntries(rows.map((row) => [row.id, row.timeline_frame + frame - from]));
}

function inFrames(frames) {
  return frames.length === 1 ? `frame ${frames[0]}` : `frames ${Math.min(...frames)} to ${Math.max(...frames)}`;
}

function behind(placed) {
  const last = placed[placed.length - 1];
  return last ? last.timeline_frame + USUAL_GAP : 0;
}

function onRuler(lifted, key, leap, placed) {
  const by = leap ? LEAP : 1;
  const dragged = new Set(lifted.ids);
  const others = placed.filter((row) => !dragged.has(row.id));
  const frames = {
    ArrowLeft: Math.max(0, lifted.frame - by),
    ArrowRight: lifted.frame + by,
    Home: 0,
    End: behind(others),
  };
  return { ...lifted, tray: false, frame: frames[key] ?? lifted.frame };
}

function inOrder(lifted, key, placed) {
  const dragged = new Set(lifted.ids);
  const by = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[key] ?? 0;
  const before = by === Infinity ? null : further(placed, dragged, lifted.before, by);
  return { ...lifted, tray: false, before };
}

function ofFrames(lifted, placed) {
  const { ids, from, frame } = lifted;
  if (frame === from) return [];
  const [type, args] =
    ids.length > 1 ? ["shift", { ids, delta: frame - from }] : [from === null ? "place" : "move", { id: ids[0], frame }];
  return [{ type, args, ids, foreseen: previewed(lifted, placed) }];
}

function stays({ ids, before }, placed) {
  const order = placed.map((row) => row.id);
  const end = before === null ? order.length : order.indexOf(before);
  return ids.every((id, index) => order[end - ids.length + index] === id);
}
