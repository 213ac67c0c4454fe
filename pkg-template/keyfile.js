// Opening a key file: its bytes, the table in it, and the rows that Rust finds there.

import { decode, joined, sinkOf } from "./bytes.js";
import { drain } from "./exchange.js";
import { WHOLE } from "./names.js";
import { can, get, quietly } from "./own.js";
import { Work } from "./work.js";

/** The bytes of a blob, also where its class cannot read itself, as in some test environments. */
const read = (blob) =>
  can(blob, "arrayBuffer")
    ? blob.arrayBuffer()
    : new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result);
        reader.onerror = () => reject(reader.error);
        reader.readAsArrayBuffer(blob);
      });

/**
 * Where DecompressionStream is read from; an entry may say where its host has it.
 * @type {{ __proto__: null, streams: any }}
 */
export const inflating = { __proto__: null, streams: globalThis };

export class KeyFile extends Work {
  #file;
  #readable;
  #rows = [];

  constructor(file) {
    super();
    this.#file = file;
  }

  /** Nothing ends this call before its work does. */
  timeout = Infinity;

  step(start, taken, failed) {
    return start().then(taken, failed);
  }

  /** How many bytes the file says that it has; NaN where it is not one. */
  weight() {
    const size = get(this.#file, "size");
    const isBlob = can(this.#file, "arrayBuffer") || can(this.#file, "slice");
    return isBlob && typeof size === "number" ? size : Number.NaN;
  }

  #take(bytes) {
    this.sink = { ...sinkOf(0), chunks: [bytes], size: bytes.length };
  }

  /** Step: reads the file. */
  async load() {
    try {
      this.#take(new Uint8Array(await read(this.#file)));
    } catch (error) {
      this.blame(error, true);
    }
  }

  /** Keeps only a part of the bytes, and gives it. */
  cut(start, end) {
    const part = joined(this.sink).subarray(start, end);
    this.#take(part);
    return part;
  }

  /** The end of an inflater that takes bytes; undefined where the host has none. */
  writer() {
    return quietly(() => {
      const { readable, writable } = new inflating.streams.DecompressionStream("deflate-raw");
      this.#readable = readable;
      return writable.getWriter();
    });
  }

  /** Step: takes what comes out of the inflater, at most so many bytes. */
  async pour(most) {
    const sink = sinkOf(most);
    try {
      const end = await drain({ __proto__: null, body: this.#readable }, sink);
      if (end === WHOLE) this.sink = sink;
      else this.blame(undefined, true);
    } catch (error) {
      this.blame(error, true);
    }
  }

  /** Adds the text of these bytes as a cell, the one at 0 in a new row; false where it is not UTF-8. */
  cell(at, start, end, isDoubled) {
    const text = decode(joined(this.sink).subarray(start, end));
    if (at === 0) this.#rows.push([]);
    this.#rows.at(-1).push(isDoubled ? text?.replaceAll('""', '"') : text);
    return text !== undefined;
  }

  /** Succeeds with an object a row; false where two columns have one name. */
  give() {
    const [names, ...rows] = this.#rows;
    if (new Set(names).size < names.length) return false;
    // Made this way, even a column named __proto__ is the row's own.
    this.succeed(rows.map((cells) => Object.fromEntries(names.map((name, at) => [name, cells[at]]))));
    return true;
  }
}
