// What bytes say.

import { quietly } from "./own.js";

/**
 * Where TextDecoder and TextEncoder are read from, at their first use; an entry may say where its host has them.
 * @type {{ __proto__: null, coders: any }}
 */
export const host = { __proto__: null, coders: globalThis };

/** UTF-8 as text; undefined where it is not. */
export const decode = (bytes) =>
  quietly(() => new host.coders.TextDecoder("utf-8", { __proto__: null, fatal: true }).decode(bytes));

/** Four bytes at a place as a little-endian number; beyond the end there are zeros. */
export const wordOf = (bytes, at) =>
  (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;

/**
 * Where bytes go, at most so many.
 * @returns {{ chunks: Uint8Array<ArrayBuffer>[], size: number, most: number, stop?: () => unknown }}
 */
export const sinkOf = (most) => ({ chunks: [], size: 0, most, stop: undefined });

/** What came into a sink, in one piece: of several pieces no second copy stays. */
export function joined(sink) {
  if (sink.chunks.length !== 1) {
    const whole = new Uint8Array(sink.size);
    let at = 0;
    for (const chunk of sink.chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    sink.chunks = [whole];
  }
  return sink.chunks[0];
}

/** The same as a file; undefined where the host makes none. */
export const fileOf = (sink, name, type) => quietly(() => new File([joined(sink)], name, { __proto__: null, type }));
