// The keys of each project as they were last listed, and which of them are new here. Nothing is drawn in this module.
import { TIMEOUT } from "./call.js";
import { emit } from "./dom.js";
import { moment } from "./when.js";

const PAGE = 1000;
// Two services behind one address may differ by this in their clocks.
const DRIFT = 300_000;
/** @type {Map<string, any>} */
const projects = new Map();

/** One text for what is one project at one endpoint. */
export const contextKey = ({ endpoint, projectId }) => `${projectId} ${endpoint}`;

/** Whether both are the same project at the same endpoint. */
export const same = (one, other) => Boolean(one && other) && contextKey(one) === contextKey(other);

function of(to) {
  const id = contextKey(to);
  // Lists are numbered as they are asked for, so that a late answer replaces no newer one.
  if (!projects.has(id))
    projects.set(id, {
      keys: undefined,
      count: 0,
      at: 0,
      asked: 0,
      shown: 0,
      made: new Set(),
      gone: new Map(),
      watches: [],
    });
  return projects.get(id);
}

const announceKeys = (to) => emit("keys", { to });

/** `keys` (nothing before the first list), `count` of all there are, and `at`, when they were listed. */
export const listing = (to) => of(to);

/**
 * Lists the keys that the service gives out: at most two thousand, by its limits on offset and limit.
 * @param {any} api the package
 * @param {{ endpoint: string, projectId: string, token: string }} access
 * @param {{ signal?: AbortSignal, retries?: number }} [options]
 */
export async function loadKeys(api, access, { signal, retries = 1 } = {}) {
  const { token, ...to } = access;
  const project = of(to);
  project.asked += 1;
  const turn = project.asked;
  const ask = (offset) => api.listApiKeys({ ...to, token, offset, limit: PAGE, retries, signal, timeout: TIMEOUT });
  const first = await ask(0);
  const more = first.count > first.keys.length && first.keys.length === PAGE ? (await ask(PAGE)).keys : [];
  // A key that is made between the two calls moves another one to the second.
  const known = new Set(first.keys.map(({ id }) => id));
  const listed = [...first.keys, ...more.filter(({ id }) => !known.has(id))];
  // A list that was asked for before a key was revoked may still have it.
  const keys = listed.filter(({ id }) => !(project.gone.get(id) >= turn));
  if (turn > project.shown) {
    const count = first.count - (listed.length - keys.length);
    Object.assign(project, { shown: turn, keys, count, at: Date.now() });
    announceKeys(to);
  }
  return keys;
}

/** Forgets the list, which this token may not see. */
export function hideKeys(to) {
  Object.assign(of(to), { keys: undefined, shown: of(to).asked });
  announceKeys(to);
}

/** Those of `after` that `before` does not have, as far as `before` can tell. */
function appeared(before, after) {
  const known = new Set(before.map(({ id }) => id));
  const newest = Math.max(...before.map(({ createTime }) => moment(createTime) || 0));
  // A key that is older than one listed before is not new: a list of two parts misses one when another is revoked between.
  const fresh = after.filter(({ id, createTime }) => !known.has(id) && !(moment(createTime) < newest - DRIFT));
  // Where only the newest are listed, deleting one lets an older one slip in at the end.
  const lastKnown = after.findLastIndex(({ id }) => known.has(id));
  return before.length < PAGE ? fresh : fresh.filter((key) => after.indexOf(key) < lastKnown);
}

/**
 * Watches what appears beside the keys `before` and `fits`: it may come of a create of this page whose file never
 * arrived. From now on the list marks it. `seen()` gives the keys that did, without those whose file arrived.
 */
export function watchFor(to, before, fits = (/** @type {any} */ key) => true) {
  const project = of(to);
  const seen = () => appeared(before, project.keys ?? []).filter((key) => fits(key) && !project.made.has(key.id));
  project.watches.push(seen);
  return seen;
}

/** Marks a key as made here: its file arrived. */
export function markMade(to, id) {
  of(to).made.add(id);
  announceKeys(to);
}

/** By id, which keys were `"made"` here, and which `"appeared"` since a create of this page. */
export function marks(to) {
  const { made, watches } = of(to);
  return new Map([
    ...watches.flatMap((seen) => seen()).map(({ id }) => [id, "appeared"]),
    ...[...made].map((id) => [id, "made"]),
  ]);
}

const plain = (description = "") => description.trim().toLowerCase();

/** Whether a listed key has this description. */
export const isTaken = (to, description) =>
  plain(description) !== "" && (of(to).keys ?? []).some((key) => plain(key.description) === plain(description));

/** Whether the project was listed to its end, and this key is not in it. */
export function isMissing(to, id) {
  const { keys, count } = of(to);
  return keys !== undefined && count <= keys.length && !keyOf(to, id);
}

/** The listed key with this id. */
export const keyOf = (to, id) => of(to).keys?.find((key) => key.id === id);

/** Takes a revoked key out. */
export function forget(to, id) {
  const project = of(to);
  project.gone.set(id, project.asked);
  if (!keyOf(to, id)) return;
  Object.assign(project, { keys: project.keys.filter((key) => key.id !== id), count: project.count - 1 });
  announceKeys(to);
}
