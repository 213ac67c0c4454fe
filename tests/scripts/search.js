// A search for input that breaks a check of a script: inputs are changed at random, and kept when they reach code that
// none before did, as V8 counts it.
import { Session } from "node:inspector";
import { between, chance } from "../soak/chance.js";

/** Bytes of an input at most. */
export const LONGEST = 4096;
/** Inputs between two looks at what was reached. */
const BATCH = 1024;
/** One in so many is kept though it reaches nothing new: what is found by several steps needs them all. */
const DRIFT = 4096;
const KEPT = 2048;

/**
 * Watches which characters of scripts run. It has to begin before they are loaded, or V8 does not count within functions.
 * @param {(url: string) => boolean} isWatched
 */
export function watch(isWatched) {
  const session = new Session();
  session.connect();
  const ask = (method, params) => {
    let told;
    session.post(`Profiler.${method}`, params, (error, result) => {
      if (error) throw new Error(error.message);
      told = result;
    });
    return told;
  };
  ask("enable");
  ask("startPreciseCoverage", { callCount: true, detailed: true });
  return {
    /** Whether anything ran since the last look that was not seen; `isKept` where it counts as seen from now on. */
    isNew(seen, isKept) {
      let isNew = false;
      for (const { url, functions } of ask("takePreciseCoverage").result) {
        if (!isWatched(url)) continue;
        const ranges = functions.flatMap((one) => one.ranges);
        const ran = new Uint8Array(Math.max(0, ...ranges.map(({ endOffset }) => endOffset)));
        // An inner range comes after those around it.
        for (const { startOffset, endOffset, count } of ranges) ran.fill(Math.min(count, 1), startOffset, endOffset);
        const before = seen.get(url) ?? new Uint8Array(0);
        const isMore = ran.some((does, at) => does > (before[at] ?? 0));
        isNew ||= isMore;
        if (isMore && isKept) seen.set(url, merged(before, ran));
      }
      return isNew;
    },
    end: () => session.disconnect(),
  };
}

const countOf = (seen) => [...seen.values()].flatMap((ran) => [...ran]).reduce((sum, does) => sum + does, 0);

const merged = (one, other) =>
  Uint8Array.from({ length: Math.max(one.length, other.length) }, (_, at) => (one[at] ?? 0) | (other[at] ?? 0));

/** Changes of an input; each gives another one. */
const CHANGES = [
  (random, data) => {
    const bytes = Buffer.from(data);
    bytes[between(random, 0, bytes.length - 1)] ^= 1 << between(random, 0, 7);
    return bytes;
  },
  (random, data) => {
    const bytes = Buffer.from(data);
    bytes[between(random, 0, bytes.length - 1)] = between(random, 0, 255);
    return bytes;
  },
  (random, data) => {
    const [from, to] = [between(random, 0, data.length), between(random, 0, data.length)].sort((a, b) => a - b);
    return Buffer.concat([data.subarray(0, from), data.subarray(to)]);
  },
  (random, data) => {
    const [from, to] = [between(random, 0, data.length), between(random, 0, data.length)].sort((a, b) => a - b);
    return Buffer.concat([data.subarray(0, to), data.subarray(from)]);
  },
  (random, data, { words }) => put(random, data, Buffer.from(words[between(random, 0, words.length - 1)])),
  (random, data) => put(random, data, Buffer.from([between(random, 0, 255)])),
  (random, data, { inputs }) => {
    const other = inputs[between(random, 0, inputs.length - 1)];
    const [from, to] = [between(random, 0, other.length), between(random, 0, other.length)].sort((a, b) => a - b);
    return put(random, data, other.subarray(from, to));
  },
];

/** Puts bytes somewhere in, or over what is there. */
function put(random, data, bytes) {
  const at = between(random, 0, data.length);
  const rest = random() < 0.5 ? at : at + bytes.length;
  return Buffer.concat([data.subarray(0, at), bytes, data.subarray(rest)]);
}

function changed(random, data, world) {
  let made = data;
  for (let left = between(random, 1, 5); left > 0; left -= 1)
    made = CHANGES[between(random, 0, CHANGES.length - 1)](random, made.length > 0 ? made : Buffer.from(" "), world);
  return made.subarray(0, LONGEST);
}

/** What an input breaks, if anything. */
async function problemOf(check, data) {
  try {
    await check(data);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The shortest input that still breaks the check, found by taking pieces away, and then by making its bytes plain. */
export async function smallest(check, data) {
  let least = data;
  const breaks = async (made) => {
    if ((await problemOf(check, made)) === undefined) return false;
    least = made;
    return true;
  };
  for (let size = least.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < least.length; ) {
      const isLess = await breaks(Buffer.concat([least.subarray(0, at), least.subarray(at + size)]));
      if (!isLess) at += size;
    }
  }
  for (let at = 0; at < least.length; at += 1) {
    const plain = Buffer.from(least);
    plain[at] = 0x61;
    if (!plain.equals(least)) await breaks(plain);
  }
  return least;
}

/**
 * Searches until `isOver(executions)`, or until an input breaks the check.
 * @param {object} target
 * @param {(data: Buffer) => unknown} target.check throws where a rule is broken
 * @param {Buffer[]} target.seeds inputs to begin with
 * @param {Buffer[]} [target.more] inputs of which those are kept that reach what no seed does
 * @param {string[]} target.words pieces that inputs have
 * @param {object} how `watched` is from `watch`; `seed` of chance; `about(data)` is told of each input before it is tried;
 *   `keep(data)` of each that reaches new code
 * @returns {Promise<{ executions: number, ran: number, broken?: Buffer, error?: Error }>} `ran` are the characters of the
 *   scripts that ran
 */
export async function search(
  { check, seeds, more = [], words },
  { watched, seed, isOver, about = () => {}, keep = () => {} },
) {
  const random = chance(seed);
  const inputs = [...seeds];
  const seen = new Map();
  let executions = 0;

  const told = (data) => {
    about(data);
    return check(data);
  };
  /** Runs an input; gives what it breaks. */
  const run = (data) => {
    executions += 1;
    return problemOf(told, data);
  };
  const ended = async (broken, error) => {
    const least = await smallest(told, broken);
    return { executions, ran: countOf(seen), broken: least, error: (await problemOf(check, least)) ?? error };
  };
  const drift = (data) => {
    if (inputs.length < KEPT) inputs.push(data);
    else inputs[between(random, seeds.length, KEPT - 1)] = data;
  };

  for (const data of seeds) {
    const error = await run(data);
    if (error) return ended(data, error);
  }
  watched.isNew(seen, true);
  for (const data of more) {
    await run(data);
    if (watched.isNew(seen, true)) keep(data);
  }
  while (!isOver(executions)) {
    const batch = [];
    for (let at = 0; at < BATCH; at += 1) {
      const data = changed(random, inputs[between(random, 0, inputs.length - 1)], { words, inputs });
      batch.push(data);
      const error = await run(data);
      if (error) return ended(data, error);
      if (random() < 1 / DRIFT) drift(data);
    }
    if (!watched.isNew(seen, false)) continue;
    // One of these reached it: each alone.
    for (const data of batch) {
      await run(data);
      if (!watched.isNew(seen, true)) continue;
      drift(data);
      keep(data);
    }
  }
  return { executions, ran: countOf(seen) };
}
