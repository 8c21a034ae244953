// What is lifted, by a finger, a mouse or a key: where it would go, and what is proposed when it is dropped. Pure.

import { foreseen, further, nextOf } from "./timeline_layout.js";

const USUAL_GAP = 81; // frames
const LEAP = 10; // frames that Shift and an arrow go

/** Lift the links `ids` of {placed, tray}: {ids, frame, before, tray}; `frame` is null where order alone counts. */
export function lift({ placed, tray }, ids, mode) {
  const wanted = new Set(ids);
  const rows = [...placed, ...tray].filter((row) => wanted.has(row.id));
  const lone = mode === "ruler" && rows.length === 1;
  return {
    ids: rows.map((row) => row.id),
    frame: lone ? (rows[0].timeline_frame ?? behind(placed)) : null,
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
export function shifted(parts, ids, where) {
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
  if (lifted.frame !== null) return ofFrame(lifted, placed);
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
      : { [lifted.ids[0]]: lifted.frame };
  return Object.fromEntries(Object.entries(frames).map(([id, frame]) => [id, { timeline_frame: frame }]));
}

/** Where it would go, in words. */
export function whereTo(lifted, placed) {
  if (lifted.tray) return "off the timeline";
  if (lifted.frame !== null) return `frame ${lifted.frame}`;
  const dragged = new Set(lifted.ids);
  const stay = placed.filter((row) => !dragged.has(row.id));
  const place = lifted.before === null ? stay.length : stay.findIndex((row) => row.id === lifted.before);
  return `place ${place + 1} of ${stay.length + lifted.ids.length}`;
}

function behind(placed) {
  const last = placed[placed.length - 1];
  return last ? last.timeline_frame + USUAL_GAP : 0;
}

function onRuler(lifted, key, leap, placed) {
  const by = leap ? LEAP : 1;
  const others = placed.filter((row) => row.id !== lifted.ids[0]);
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

function ofFrame({ ids: [id], frame }, placed) {
  const row = placed.find((each) => each.id === id);
  if (row?.timeline_frame === frame) return [];
  return [
    { type: row ? "move" : "place", args: { id, frame }, ids: [id], foreseen: { [id]: { timeline_frame: frame } } },
  ];
}

function stays({ ids, before }, placed) {
  const order = placed.map((row) => row.id);
  const end = before === null ? order.length : order.indexOf(before);
  return ids.every((id, index) => order[end - ids.length + index] === id);
}
