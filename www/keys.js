// The project's keys as they were last listed, and which of them are new here. Nothing is drawn in this module.
import { TIMEOUT } from "./call.js";

const PAGE = 1000;
const changed = new EventTarget();
const empty = () => ({ keys: undefined, count: 0, to: undefined });
let listed = empty();
let watched;
// Lists are numbered as they are asked for, so that a late answer replaces no newer one.
let asked = 0;
let shown = 0;
const made = new Set();

/** `keys` (nothing before the first list), `count` of all there are, and the `to` they were listed from. */
export const listing = () => listed;

/** Calls `draw` after each change of the list. */
export const onKeys = (draw) => changed.addEventListener("keys", draw);

const announce = () => changed.dispatchEvent(new Event("keys"));

/** Lists the keys that the service gives out: at most two thousand, by its limits on offset and limit. */
export async function loadKeys(api, { token, ...to }, { signal, retries = 1 } = {}) {
  const turn = ++asked;
  const ask = (offset) => api.listApiKeys({ ...to, token, offset, limit: PAGE, retries, signal, timeout: TIMEOUT });
  const first = await ask(0);
  const more = first.count > first.keys.length && first.keys.length === PAGE ? (await ask(PAGE)).keys : [];
  // A key that is made between the two calls moves another one to the second.
  const known = new Set(first.keys.map(({ id }) => id));
  const keys = [...first.keys, ...more.filter(({ id }) => !known.has(id))];
  if (turn > shown) {
    shown = turn;
    listed = { keys, count: first.count, to };
    announce();
  }
  return keys;
}

/** Those of `after` that `before` does not have, as far as `before` can tell. */
export function appeared(before, after) {
  const known = new Set(before.map(({ id }) => id));
  const fresh = after.filter(({ id }) => !known.has(id));
  // Where only the newest are listed, deleting one lets an older one slip in at the end.
  const lastKnown = after.findLastIndex(({ id }) => known.has(id));
  return before.length < PAGE ? fresh : fresh.filter((key) => after.indexOf(key) < lastKnown);
}

/** From now on marks what appears beside these keys: one of them may come of a create that nobody heard the end of. */
export const watch = (before) => {
  watched ??= before;
};

/** Marks a key as made here. */
export function markMade(id) {
  made.add(id);
  announce();
}

/** `"made"` here, `"appeared"` since a create of unknown outcome, or nothing. */
export function mark(key) {
  if (made.has(key.id)) return "made";
  return watched && appeared(watched, listed.keys).some(({ id }) => id === key.id) ? "appeared" : undefined;
}

/** How many listed keys have this description. */
export const namesakes = (description) =>
  description.trim() === ""
    ? 0
    : (listed.keys ?? []).filter((key) => key.description?.trim().toLowerCase() === description.trim().toLowerCase())
        .length;

/** The listed key with this id. */
export const keyOf = (id) => listed.keys?.find((key) => key.id === id);

/** Takes a deleted key out. */
export function forget(id) {
  if (!keyOf(id)) return;
  listed = { ...listed, keys: listed.keys.filter((key) => key.id !== id), count: listed.count - 1 };
  announce();
}

/** Empties the list: it is another project's. */
export function forgetAll() {
  shown = asked;
  listed = empty();
  watched = undefined;
  announce();
}
