// What is in a key file: the key's ID, and the key itself, which is read at each click and kept nowhere.
import { text } from "./text.js";

const SHOWN = 4;
const ID = /^[A-Za-z0-9_-]{36}$/;
const UUID_AT_END = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.zip$/i;
const isIdColumn = (name) => /(^|[^a-z])id$/i.test(name.trim());
const isKeyColumn = (name) => /key|secret|token/i.test(name) && !isIdColumn(name);

/** The ID of the key in a file, from its table or else its name; nothing where neither has one. */
export async function idIn(file, { readCredentials }) {
  const [row] = await readCredentials(file).catch(() => []);
  const ids = Object.entries(row ?? {}).filter(([name, cell]) => isIdColumn(name) && ID.test(cell));
  return ids.length === 1 ? ids[0][1] : UUID_AT_END.exec(file.name)?.[1];
}

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
