// Finds the secrets of a call in text that somebody else wrote, and takes them out.

import { isMatch } from "./own.js";

/** So many characters of a secret in a row are a piece of it. */
const WINDOW = 12;
/** A shorter secret is not looked for: it would blank out plain words. */
const SHORTEST = 6;
/** Text up to this length is searched piece by piece; longer text by a set of all pieces. */
const SHORT = 256;

/**
 * A text without what a later step may take out or undo: white space, hidden characters, backslashes, percent-encoding.
 * `starts` and `ends` tell where in the text each character stood.
 */
function bare(text) {
  let plain = "";
  const starts = [];
  const ends = [];
  for (let at = 0; at < text.length; at += 1) {
    const start = at;
    let unit = text.charCodeAt(at);
    // One digit alone makes a control character, which counts for nothing.
    const coded = unit === 0x25 ? Number(`0x${text.slice(at + 1, at + 3)}`) : 0;
    if (coded > 0x1f) {
      unit = coded;
      at += 2;
    }
    if (unit > 0x20 && unit < 0x7f && unit !== 0x5c) {
      plain += String.fromCharCode(unit);
      starts.push(start);
      ends.push(at + 1);
    }
  }
  return { plain, starts, ends };
}

/** A secret in the two forms in which it is looked for. */
export const secretOf = (text) => ({ text, plain: bare(text).plain });

/** The same of printable ASCII, which is mostly bare as it is. */
export const secretOfToken = (text) =>
  [" ", "%", "\\"].some((mark) => text.includes(mark)) ? secretOf(text) : { text, plain: text };

function slices(text, size, step) {
  const parts = [];
  for (let at = 0; at + size <= text.length; at += step) parts.push(text.slice(at, at + size));
  return parts;
}

/** Where pieces of a secret stand in a text: pairs of start and end. */
function piecesIn(text, secret) {
  const size = Math.min(WINDOW, secret.length);
  if (size < SHORTEST) return [];
  // Every piece holds one of the halves that the text can be cut into.
  const half = size >> 1;
  const isShort = text.length <= SHORT;
  if (isShort && !slices(text, half, half).some((part) => secret.includes(part))) return [];
  const known = isShort ? undefined : new Set(slices(secret, size, 1));
  const isPiece = (part) => (known ? known.has(part) : secret.includes(part));
  return slices(text, size, 1).flatMap((part, at) => (isPiece(part) ? [[at, at + size]] : []));
}

/** The text with "[redacted]" in place of every piece of a secret. */
export function redacted(text, secrets) {
  /** @type {{ __proto__?: null, plain: string, starts?: any, ends?: any }} */
  const { plain, starts, ends } = isMatch(/[^!-$&-[\]-~]/, text) ? bare(text) : { __proto__: null, plain: text };
  const found = secrets.flatMap((secret) => [
    ...piecesIn(plain, secret.plain).map((piece) => (starts ? [starts[piece[0]], ends[piece[1] - 1]] : piece)),
    // A per cent sign of the text's own may stand before a piece, and look like an encoding of its first characters.
    ...(starts || secret.plain !== secret.text ? piecesIn(text, secret.text) : []),
  ]);
  if (found.length === 0) return text;
  let clean = "";
  let hidden = -1;
  for (const piece of found.sort((one, other) => one[0] - other[0])) {
    // Pieces that overlap or touch are one.
    if (piece[0] > hidden) clean += `${text.slice(Math.max(hidden, 0), piece[0])}[redacted]`;
    hidden = Math.max(hidden, piece[1]);
  }
  return clean + text.slice(Math.max(hidden, 0));
}
