// What must hold of the name of a key file, whatever header it came with.
import { equal, ok } from "node:assert/strict";
import { DEFAULT_NAME, fileNameOf } from "../../pkg-template/filename.js";
import { latin1 } from "./kit.js";

/** Bytes of a name with its extension and a mark for a device's name. */
const LONGEST = 181;
const DEVICES = ["con", "prn", "aux", "nul", "conin$", "conout$", ..."0123456789¹²³"].flatMap((name) =>
  name.length > 1 ? [name] : [`com${name}`, `lpt${name}`],
);

/** A quoted string of RFC 9110. */
export const quoted = (name) => `attachment; filename="${name.replace(/[\\"]/g, "\\$&")}"`;

/** An extended value of RFC 8187. */
export const extended = (name) => {
  const encoded = [...Buffer.from(name)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`);
  return `attachment; filename=${DEFAULT_NAME}; filename*=UTF-8''${encoded.join("")}`;
};

export function assertSafe(name) {
  ok(Buffer.byteLength(name) <= LONGEST, name);
  ok(name.isWellFormed?.() ?? true, name);
  ok(name.endsWith(".zip") && name.length > ".zip".length, name);
  for (const character of name) {
    ok(!/[\p{Cc}\p{Zl}\p{Zp}/\\:*?"<>|]/u.test(character), name);
    ok(!isHidden(character.codePointAt(0)), JSON.stringify(name));
  }
  ok(!/^[. ]/.test(name) && !/[. ]\.zip$/.test(name), name);
  // Windows takes away spaces at a name's end, but no wider ones.
  const stem = name.split(".")[0].replace(/ +$/, "").toLowerCase();
  ok(!DEVICES.includes(stem), name);
}

/** What the rules hide in a message. */
export const isHidden = (code) =>
  [
    [0, 0x1f],
    [0x7f, 0x9f],
    [0xad, 0xad],
    [0x61c, 0x61c],
    [0x180e, 0x180e],
    [0x200b, 0x200f],
    [0x2028, 0x202e],
    [0x2060, 0x206f],
    [0xfeff, 0xfeff],
    [0xfff9, 0xfffd],
    [0xe0000, 0xe007f],
  ].some(([first, last]) => first <= code && code <= last);

/** The first values of both parameters, read character by character. */
function parameters(header) {
  const found = {};
  let at = 0;
  const until = (marks) => {
    let text = "";
    while (at < header.length && !marks.includes(header[at])) {
      text += header[at];
      at += 1;
    }
    return text;
  };
  until(";");
  while (at < header.length) {
    at += 1;
    const name = until("=;").trim().toLowerCase();
    if (header[at] !== "=") continue;
    at += 1;
    while (at < header.length && header[at].trim() === "") at += 1;
    let value = "";
    if (header[at] === '"') {
      at += 1;
      while (at < header.length && header[at] !== '"') {
        if (header[at] === "\\") at += 1;
        value += header[at] ?? "";
        at += 1;
      }
      until(";");
    } else value = until(";").trim();
    found[name] ??= value;
  }
  return [found["filename*"], found.filename];
}

function decoded(value = "") {
  const [charset, language, ...rest] = value.split("'");
  if (language === undefined || rest.length === 0) return undefined;
  const bytes = [];
  const encoded = rest.join("'");
  const isUtf8 = charset.toLowerCase() === "utf-8";
  for (let at = 0; at < encoded.length; at += 1) {
    if (encoded[at] === "%") {
      const digits = encoded.slice(at + 1, at + 3);
      if (!/^[\da-f]{2}$/i.test(digits)) return undefined;
      bytes.push(Number.parseInt(digits, 16));
      at += 2;
    } else if (isUtf8) bytes.push(...Buffer.from(halves(encoded, at)));
    else bytes.push(encoded.charCodeAt(at));
  }
  if (isUtf8) {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
    } catch {
      return undefined;
    }
  }
  return charset.toLowerCase() === "iso-8859-1" ? String.fromCharCode(...bytes) : undefined;
}

/** The character that begins there; nothing at its second half. */
function halves(text, at) {
  const isSecond = /[\udc00-\udfff]/.test(text[at]) && /[\ud800-\udbff]/.test(text[at - 1] ?? "");
  return isSecond ? "" : String.fromCodePoint(text.codePointAt(at));
}

const strip = (text) => {
  let [start, end] = [0, text.length];
  while (start < end && " .".includes(text[start])) start += 1;
  while (end > start && " .".includes(text[end - 1])) end -= 1;
  return text.slice(start, end);
};

function safe(name) {
  if (name === undefined) return undefined;
  const folders = Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\"));
  const isShown = (character) => !isHidden(character.codePointAt(0)) && !/[\p{Cf}\p{Cs}\p{DI}\u2800]/u.test(character);
  const shown = [...name.slice(folders + 1).slice(0, 1000)].filter(isShown);
  let text = strip(shown.map((character) => ('<>:"|?*'.includes(character) ? "_" : character)).join(""));
  if (text.toLowerCase().endsWith(".zip")) text = text.slice(0, -4);
  let stem = "";
  for (const character of text) {
    if (Buffer.byteLength(stem + character) > LONGEST - 5) break;
    stem += character;
  }
  stem = strip(stem);
  if (stem === "") return undefined;
  const device = stem.split(".")[0].replace(/ +$/, "").toLowerCase();
  return `${DEVICES.includes(device) ? "_" : ""}${stem}.zip`;
}

/** A header's name in UTF-8 that came as Latin-1. */
function asUtf8(text) {
  if (text === undefined || /[^\0-\xff]/.test(text) || /^[\0-\x7f]*$/.test(text)) return text;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(text, "latin1"));
  } catch {
    return text;
  }
}

/** The name, made in the plainest way. */
export function reference(header) {
  if (typeof header !== "string") return DEFAULT_NAME;
  const [extendedName, plainName] = parameters(header);
  return safe(decoded(extendedName)) ?? safe(asUtf8(plainName)) ?? DEFAULT_NAME;
}

/** Any header gives a name that is safe to save, and a name is the same in every form of writing it. */
export function checkHeader(header) {
  const found = fileNameOf(header);
  assertSafe(found);
  equal(found, reference(header));

  // What looks like UTF-8 in Latin-1 is read as UTF-8, in one of the forms.
  const name = fileNameOf(extended(header));
  assertSafe(name);
  if (!/[\x80-\xff]/.test(header)) equal(fileNameOf(quoted(header)), name);
  // A name already safe stays as it is, unless its mark for a device's name made it too long.
  if (Buffer.byteLength(name) < LONGEST) equal(fileNameOf(extended(name)), name);
}

/** The header as it was written, and as a platform hands it over. */
export function check(data) {
  checkHeader(data.toString());
  checkHeader(latin1(data));
}

export const target = {
  check,
  seeds: ["scripts/corpus/disposition"],
  words: [
    "attachment",
    "; ",
    "filename",
    "*",
    "=",
    '"',
    "\\",
    "UTF-8''",
    "iso-8859-1''",
    ".zip",
    "con",
    "%e2%82%ac",
    "%41",
    "../",
  ],
};
