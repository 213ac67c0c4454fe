// What must hold of the redaction, whatever text and secrets it is given.
import { deepEqual, ok } from "node:assert/strict";
import { redacted, secretOf } from "../../pkg-template/redact.js";
import { latin1 } from "./kit.js";

export const WINDOW = 12;
const SHORTEST = 6;
const MARK = "[redacted]";

/** The characters that count, each with where it stands. */
function counting(text) {
  const found = [];
  for (const { 0: part, index } of text.matchAll(/%[\da-f]{2}|[^]/gi)) {
    const code = part.length === 3 ? Number.parseInt(part.slice(1), 16) : Number.NaN;
    const pieces = code >= 0x20 ? [String.fromCharCode(code)] : [...part.matchAll(/[^]/g)].map(([unit]) => unit);
    for (const [at, unit] of pieces.entries()) {
      const start = index + at;
      const end = pieces.length === 1 ? index + part.length : start + 1;
      if (/[!-[\]-~]/.test(unit)) found.push({ unit, start, end });
    }
  }
  return found;
}

const asIs = (text) => Array.from({ length: text.length }, (_, at) => ({ unit: text[at], start: at, end: at + 1 }));
const textOf = (units) => units.map(({ unit }) => unit).join("");

/** The redaction, by comparing every piece of the text with every place of the secrets. */
export function reference(text, secrets) {
  const isHidden = new Array(text.length).fill(false);
  for (const secret of secrets) {
    for (const look of [counting, asIs]) {
      const units = look(text);
      const whole = textOf(look(secret));
      const size = Math.min(WINDOW, whole.length);
      if (size < SHORTEST) continue;
      for (let at = 0; at + size <= units.length; at += 1) {
        const piece = units.slice(at, at + size);
        if (whole.includes(textOf(piece))) isHidden.fill(true, piece[0].start, piece[size - 1].end);
      }
    }
  }
  const shown = Array.from(isHidden, (hidden, at) => (!hidden ? text[at] : isHidden[at - 1] ? "" : MARK));
  return shown.join("");
}

/** Panics if a piece of a secret is left. */
function assertGone(shown, secrets) {
  const parts = shown.split(MARK);
  for (const secret of secrets.filter(({ length }) => length >= SHORTEST)) {
    const size = Math.min(WINDOW, secret.length);
    for (let at = 0; at + size <= secret.length; at += 1) {
      const piece = secret.slice(at, at + size);
      ok(!parts.some((part) => part.includes(piece)), `${JSON.stringify(piece)} is left`);
    }
  }
}

export function checkText(text, secrets) {
  const shown = redacted(text, secrets.map(secretOf));
  deepEqual(shown, reference(text, secrets));
  assertGone(shown, secrets);
}

/** Two bytes for lengths, then two secrets, then the text. */
export function check(data) {
  const [first, second] = data;
  if (second === undefined) return;
  const rest = latin1(data.subarray(2));
  checkText(rest.slice(first + second), [rest.slice(0, first), rest.slice(first, first + second)]);
}

export const target = {
  check,
  seeds: ["scripts/corpus/redact"],
  words: ["[redacted]", "%41", "%2f", "\\/", "\u200b", "correct-horse", "abcdefghijkl", "\n ", "%"],
};
