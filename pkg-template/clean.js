// A copy of an error that somebody else made: nothing of it but text is kept.

import { get, own } from "./own.js";

const isText = (value) => typeof value === "string" && value !== "";

/** The `code` of a platform's error, or of its cause: undici has it there. */
const codeOf = (error) => [own(error, "code"), own(own(error, "cause"), "code")].find(isText);

/** What a platform says of the reason, each in a text of its own. */
export const reasonsOf = (error) =>
  [codeOf(error), get(error, "name"), get(own(error, "cause"), "message")].filter(isText);

/** A new error with the original's name, code and message; `isSecret` where nobody knows what the message quotes. */
export function copyOf(error, redact, isSecret) {
  const texts = [error, get(error, "message"), get(own(error, "cause"), "message")].filter(isText);
  const copy = new Error(isSecret ? "(left out: it may quote a secret)" : redact(texts.join(": ")));
  // Defined, since a frozen Error.prototype does not let them be set.
  const define = (name, value) =>
    isText(value) &&
    Object.defineProperty(copy, name, { __proto__: null, value: redact(value), writable: true, configurable: true });
  define("name", get(error, "name"));
  define("code", codeOf(error));
  return copy;
}
