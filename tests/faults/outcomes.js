// The words in which the table is written: what the contract says, and how an answer goes wrong.
import { concat, crc32 } from "../support/zip.js";

/** The connection failed before a whole head of an answer. */
export const LOST = "network/unknown";
/** A success whose body is none. */
export const BROKEN = "unexpected_response/unknown";
export const LATE = "timeout/unknown";
/** The time was up while the body of a 4xx was read. */
export const LATE_BUT_REJECTED = "timeout/rejected";
export const REDIRECTED = "redirect/unknown";
export const REJECTED = "http/rejected";
export const FAILED = "http/unknown";
export const OK = "ok";
/** A success without a body: a delete needs none. */
export const EMPTY = { delete: OK, rest: BROKEN };

/** The call gets a short timeout. */
export const STALLS = { stalls: true };

/** The answer stops at a part of it, after some of the part's bytes. */
export const stop = (at, how, after) => ({ stop: { at, how, after } });

/** A text in place of the good body. */
export const text = (body) => ({ base64: undefined, body });

/** An error as the service words it, which quotes the token and has a member that nobody reads. */
export const refusal = (status, more = {}) => ({
  status,
  ...text(
    `{"code":"${status}","error_code":"BCS.03400001","error_msg":"Token {{token}} is not valid.",` +
      '"message":"{{token:100:200}}","internal":"{{secret}}"}',
  ),
  headers: { "Content-Type": "application/json", "X-Request-Id": "{{token:0:40}}" },
  ...more,
});

const bytesOf = (parts) =>
  concat(...parts.map((part) => (typeof part === "string" ? new TextEncoder().encode(part) : part)));

/** A body of hand-made chunks: texts, and pieces of the good body. */
export const chunks =
  (parts, more = {}) =>
  ({ bytes }) => ({
    framing: "close",
    headers: { "Transfer-Encoding": "chunked", ...more.headers },
    stop: more.stop,
    bytes: bytesOf(parts(bytes)),
  });

/** One chunk, as it should be. */
export const chunk = (bytes) => bytesOf([`${bytes.length.toString(16)}\r\n`, bytes, "\r\n"]);
/** What follows the last one. */
export const END = "0\r\n\r\n";

/** A whole answer of hand-made bytes, which a page may read. */
export const raw =
  (status, headers, more = {}) =>
  ({ bytes, headers: good }) => {
    const known = Object.entries(good).map((pair) => pair.join(": "));
    const lines = [`HTTP/1.1 ${status}`, "Access-Control-Allow-Origin: *", "Connection: close", ...known, ...headers];
    return { ...more, raw: bytesOf([lines.join("\r\n"), "\r\n\r\n", bytes]) };
  };

const little = (...numbers) => new Uint8Array(Uint32Array.from(numbers).buffer);

/** Bytes as gzip has them, in one stored block. */
export function gzip(bytes, { crc = crc32(bytes) } = {}) {
  const size = [bytes.length & 0xff, bytes.length >> 8];
  const block = Uint8Array.of(1, ...size, ...size.map((byte) => ~byte & 0xff));
  return concat(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255), block, bytes, little(crc, bytes.length));
}

/** A body that says it is gzip. */
export const gzipped =
  (make) =>
  ({ bytes }) => ({ bytes: make(bytes), headers: { "Content-Encoding": "gzip" } });
