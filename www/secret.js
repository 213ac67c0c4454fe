// The key in a key file. It is read at each click and kept nowhere.
import { text } from "./text.js";

const SHOWN = 4;
const isKeyColumn = (name) => /key|secret|token/i.test(name) && !/id$/i.test(name.trim());

/** The key's value, from the one column of `credential.csv` that can be it. */
export async function keyIn(file, { readCredentials }) {
  const [row] = await readCredentials(file);
  const columns = Object.keys(row ?? {});
  const names = columns.length === 1 ? columns : columns.filter(isKeyColumn);
  if (names.length !== 1 || !row[names[0]]) throw new Error(text.secret.notFound);
  return row[names[0]];
}

/** A key of which only the ends are shown, and nothing at all of a short one. */
export const masked = (key) =>
  key.length < 6 * SHOWN ? text.secret.dots : `${key.slice(0, SHOWN)}${text.secret.dots}${key.slice(-SHOWN)}`;

/** Whether two files have the same bytes. */
export async function sameBytes(one, other) {
  if (one.size !== other.size) return false;
  const [a, b] = (await Promise.all([one.arrayBuffer(), other.arrayBuffer()])).map((buffer) => new Uint8Array(buffer));
  return a.every((byte, at) => byte === b[at]);
}
