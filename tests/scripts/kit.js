// What the tests of the scripts share.
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";

/** Cases of each property, at least. */
const CASES = 1000;

/** Checks a property of whatever the arbitraries make; `check` throws where it does not hold. */
export function always(...rest) {
  const check = rest.pop();
  fc.assert(
    fc.property(...rest, (...values) => check(...values)),
    { numRuns: CASES },
  );
}

/** The same of a check that waits. */
export async function alwaysSoon(...rest) {
  const check = rest.pop();
  await fc.assert(
    fc.asyncProperty(...rest, (...values) => check(...values)),
    { numRuns: CASES },
  );
}

/** Text whose characters are picked from these. */
export const textOf = (characters, most, least = 0) =>
  fc.array(fc.constantFrom(...characters), { minLength: least, maxLength: most }).map((picked) => picked.join(""));

/** The inputs that a fuzzer found, or that were written by hand, each with its name. */
export function corpus(place) {
  const folder = new URL(`../${place}/`, import.meta.url);
  const inputs = readdirSync(folder).map((name) => ({ name, data: readFileSync(new URL(name, folder)) }));
  if (inputs.length === 0) throw new Error(`${place} is empty`);
  return inputs;
}

/** Runs a check on each input; says of which it broke. */
export function replay(inputs, check) {
  for (const { name, data } of inputs) {
    try {
      check(data);
    } catch (error) {
      error.message = `${name}: ${error.message}`;
      throw error;
    }
  }
}

/** Each byte as a character. */
export const latin1 = (bytes) => Buffer.from(bytes).toString("latin1");

/**
 * A document that bytes stand for: their JSON, or else one that is put together as they say, so that no input is idle.
 * @param {string[]} words names of members and texts that it may have
 */
export function documentOf(data, words) {
  try {
    return JSON.parse(data.toString());
  } catch {
    return JSON.parse(JSON.stringify(builtOf([...data], words, 5)));
  }
}

/** The value that the first of these bytes stand for; takes them away. */
function builtOf(bytes, words, depth) {
  const next = () => bytes.shift() ?? 0;
  const word = () => words[next() % words.length];
  const kind = next() % 8;
  const some = () => Array.from({ length: depth > 0 ? next() % 5 : 0 }, () => builtOf(bytes, words, depth - 1));
  if (kind === 0) return null;
  if (kind === 1) return next() - 128;
  if (kind === 2)
    return bytes
      .splice(0, next() % 40)
      .map((byte) => String.fromCharCode(byte))
      .join("");
  if (kind === 3) return some();
  if (kind === 4) return word();
  // Most are records.
  return Object.fromEntries(some().map((value) => [word(), value]));
}
