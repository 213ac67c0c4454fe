// The name of a key file: from Content-Disposition (RFC 6266, RFC 8187), made safe to save. It always ends in ".zip": by
// another extension a system would choose a program, and run what else the file is.

import { decode } from "./bytes.js";
import { quietly } from "./own.js";

/** Of a file that came without a name. */
export const DEFAULT_NAME = "node-provider-key.zip";

const EXTENSION = ".zip";
/** Bytes of UTF-8 that a name may have without its extension: every file system takes it, a prefix included. */
const LONGEST = 176;

/** What most servers write, and nothing to make safe in it. */
const PLAIN = /^attachment; ?filename=("?)([\w-]{1,99}\.zip)\1$/;
/** A parameter: its name, and its value in quotes or as a token. */
const PARAMETER = /;([^=;]*)=\s*(?:"((?:\\.|[^"\\])*)|([^;]*))/gs;
/** What does not show, or turns the text around it. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\u2800\ufffc\ufffd]/gu;
/** Names that Windows keeps for devices, with any extension. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³]) *(\.|$)/i;

/** The first value of a parameter. */
function parameter(header, wanted) {
  const found = [...header.matchAll(PARAMETER)].find((part) => part[1].trim().toLowerCase() === wanted);
  return found && (found[2]?.replace(/\\(.)/gs, "$1") ?? found[3].trim());
}

/** `charset'language'percent-encoded`; undefined where it is not what it says. */
function extended(value) {
  const found = /^(utf-8|iso-8859-1)'[^']*'(.*)$/is.exec(value ?? "");
  if (!found) return undefined;
  const encoded = found[2];
  if (found[1].toLowerCase() === "utf-8") return quietly(() => decodeURIComponent(encoded));
  if (/%(?![\da-f]{2})/i.test(encoded)) return undefined;
  return encoded.replace(/%(..)/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** Headers come as Latin-1, in which servers that write UTF-8 do not show as what they wrote. */
function asUtf8(value) {
  if (!/[\x80-\xff]/.test(value)) return value;
  const bytes = Uint8Array.from(value, (character) => character.charCodeAt(0));
  const isLatin1 = String.fromCharCode(...bytes) === value;
  return (isLatin1 && decode(bytes)) || value;
}

const trimmed = (name) => name.replace(/^[ .]+/, "").replace(/[ .]+$/, "");

/** The name without folders, or what no file system takes; undefined if nothing is left of it. */
function safe(name) {
  // Cut before it is looked through: a server may send any length.
  const last = (name ?? "").split(/[/\\]/).pop();
  const shown = trimmed(
    last
      .slice(0, 1000)
      .replace(HIDDEN, "")
      .replace(/[<>:"|?*]/g, "_"),
  );
  const letters = [...(shown.toLowerCase().endsWith(EXTENSION) ? shown.slice(0, -EXTENSION.length) : shown)];
  let size = 0;
  const fits = letters.filter((letter) => {
    size += letter < "\x80" ? 1 : letter < "\u0800" ? 2 : 2 + letter.length;
    return size <= LONGEST;
  });
  const stem = trimmed(fits.join(""));
  if (stem === "") return undefined;
  return `${DEVICE.test(stem) ? "_" : ""}${stem}${EXTENSION}`;
}

/** The name of a file that came with this header, if it came with one. */
export function fileNameOf(header) {
  const plain = PLAIN.exec(header)?.[2] ?? "con";
  const name = DEVICE.test(plain)
    ? quietly(() => safe(extended(parameter(header, "filename*"))) ?? safe(asUtf8(parameter(header, "filename"))))
    : plain;
  // Taken from RegExp's static properties: the header may quote a secret.
  /$/.test("");
  return name ?? DEFAULT_NAME;
}
