// What every call has on the JavaScript side: its promise, the bytes that came, and what went wrong. Rust steers it by
// handle: each method is one crossing, and none throws.

import { joined, sinkOf, wordOf } from "./bytes.js";
import { copyOf } from "./clean.js";
import { FAILED, FIELDS } from "./names.js";

export class Work {
  /** Settles with the result, or rejects with the fields of the one error. */
  promise;
  /**
   * What a host threw in the step that ran last.
   * @type {any}
   */
  problem;
  /** The bytes that came. */
  sink = sinkOf(0);
  #resolve;
  #reject;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Keeps what a host threw; `isSecret` where nobody knows what it quotes. */
  blame(error, isSecret) {
    this.problem = { __proto__: null, error, isSecret };
  }

  /**
   * How the step that ran last went.
   * @returns {number}
   */
  state() {
    return this.problem ? FAILED : 0;
  }

  /** How many bytes came. */
  size() {
    return this.sink.size;
  }

  /** Four of them at a place as a little-endian number; beyond the end there are zeros. */
  word(at) {
    return wordOf(joined(this.sink), at);
  }

  /** Lets go of all that is still under way. */
  release() {}

  /** Takes the secrets of the call out of a text. */
  redact(text) {
    return text;
  }

  /**
   * What belongs to an error of a kind and is not text.
   * @param {string} [_kind]
   * @returns {{ cause?: unknown, file?: File } | undefined}
   */
  more(_kind) {
    const { problem } = this;
    return problem && { __proto__: null, cause: copyOf(problem.error, (text) => this.redact(text), problem.isSecret) };
  }

  /** Succeeds. */
  succeed(result) {
    this.release();
    this.#resolve(result);
  }

  /** Fails with the fields that Rust lists. Each is looked through once more, now that it is finished. */
  fail(texts) {
    /** @type {Record<string, any>} */
    const fields = { __proto__: null, ...this.more(texts[0]) };
    const finished = texts.map((text) => text && this.redact(text));
    // The first two are words of ours.
    FIELDS.forEach((name, at) => {
      const text = at < 2 ? texts[at] : finished[at];
      if (text !== undefined) fields[name] = text;
    });
    if (fields.status) fields.status = Number(texts[FIELDS.indexOf("status")]);
    const issues = finished.slice(FIELDS.length);
    if (issues.length > 0) {
      fields.issues = issues.flatMap((field, at) => (at % 2 ? [] : [{ field, message: issues[at + 1] }]));
    }
    this.refuse(fields);
  }

  /** Fails with these fields. */
  refuse(fields) {
    this.release();
    this.#reject(fields);
  }
}
