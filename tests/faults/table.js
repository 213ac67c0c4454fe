// Every fault: what it is called, what the server does, what the contract says of it, and more where that is needed.
//
// What the server does is a part of a good answer's plan (tests/support/rogue.js), or a function of the good answer;
// or `at`, an address of its own. What the contract says is docs/errors.md: `kind/outcome` or "ok", the same for all,
// or by call or place ("page" is every browser, "rest" what is not named). A list has what a platform is free to make
// of it: tolerances.js has those, with the reason. More:
//   requests  how many the server sees of the call; 1, for `at` 0
//   stalls    true gives the call a short timeout
//   long      true sends the longest token that there is
//   first     true makes a good call before, on a connection that is to be kept
//   kept      whether the platform does keep it
//   status    the status, for rows that are told in ranges
import {
  ALL_CAME,
  CUT_HEAD,
  FLOOD,
  FORGIVEN,
  HALF_DECODED,
  ILL_FRAMED,
  MISDIRECTED,
  NO_BODY,
  NO_CHUNK,
  NO_ERROR_YET,
  NO_STATUS,
  OVERTAKEN,
  PROXY,
  REQUEST_TIMEOUT,
  RESET_CONTENT,
  REUSED,
  TOO_LONG,
  UNASKED,
  UNCHECKED,
  UNDECODED,
  UNSHOWN,
  UP_TO_TEN,
} from "./tolerances.js";
import {
  BROKEN,
  EMPTY,
  END,
  FAILED,
  LATE,
  LATE_BUT_REJECTED,
  LOST,
  OK,
  REDIRECTED,
  REJECTED,
  STALLS,
  chunk,
  chunks,
  gzip,
  gzipped,
  raw,
  refusal,
  stop,
  text,
} from "./outcomes.js";

const connection = [
  ["refused", { at: "refused" }, LOST],
  ["to a name that does not resolve", { at: "unresolved" }, LOST],
  ["closed as it opens", { at: "closing" }, LOST],
  ["reset as it opens", { at: "resetting" }, LOST],
  ["stalled as it opens", { at: "silent" }, LATE, STALLS],
  ["TLS to a server that has none", { at: "tlsToPlain" }, LOST],
  ["TLS with a certificate that nobody trusts", { at: "untrusted" }, LOST],
  ["TLS closed in the handshake", { at: "tlsToClosing" }, LOST],
  ["TLS reset in the handshake", { at: "tlsToResetting" }, LOST],
  ["TLS stalled in the handshake", { at: "tlsToSilent" }, LATE, STALLS],
];

const LONG = { long: true };
const beforeTheAnswer = [
  ["closed within the request", stop("request", "close", 16_000), ...UP_TO_TEN, LONG],
  ["reset within the request", stop("request", "reset", 16_000), ...UP_TO_TEN, LONG],
  ["stalled within the request", stop("request", "stall", 16_000), LATE, STALLS, LONG],
  ["closed after the request's head", stop("request", "close"), ...UP_TO_TEN],
  ["reset after the request's head", stop("request", "reset"), ...UP_TO_TEN],
  ["stalled after the request's head", stop("request", "stall"), LATE, STALLS],
  ["closed before the status line", stop("status", "close"), ...UP_TO_TEN],
  ["reset before the status line", stop("status", "reset"), ...UP_TO_TEN],
  ["stalled before the status line", stop("status", "stall"), LATE, STALLS],
  ["closed within the status line", stop("status", "close", 7), LOST],
  ["reset within the status line", stop("status", "reset", 7), LOST],
  ["stalled within the status line", stop("status", "stall", 7), LATE, STALLS],
  ["closed after the status line", stop("headers", "close"), LOST],
  ["reset after the status line", stop("headers", "reset"), LOST],
  ["stalled after the status line", stop("headers", "stall"), LATE, STALLS],
  ["closed within the headers", stop("headers", "close", 50), ...CUT_HEAD],
  ["reset within the headers", stop("headers", "reset", 50), LOST],
  ["stalled within the headers", stop("headers", "stall", 50), LATE, STALLS],
];

const withinTheAnswer = [
  ["closed after the headers", stop("body", "close"), ...NO_BODY],
  ["reset after the headers", stop("body", "reset"), ...OVERTAKEN(BROKEN)],
  ["stalled after the headers", stop("body", "stall"), LATE, STALLS],
  ["closed after the headers of a 400", refusal(400, stop("body", "close")), ...UNSHOWN(REJECTED)],
  ["reset after the headers of a 400", refusal(400, stop("body", "reset")), ...OVERTAKEN(REJECTED)],
  ["stalled after the headers of a 400", refusal(400, stop("body", "stall")), ...NO_ERROR_YET, STALLS],
  ["closed after the headers of a 500", refusal(500, stop("body", "close")), ...UNSHOWN(FAILED)],
  ["reset after the headers of a 500", refusal(500, stop("body", "reset")), ...OVERTAKEN(FAILED)],
  ["stalled after the headers of a 500", refusal(500, stop("body", "stall")), LATE, STALLS],
  ["closed within the body", stop("body", "close", 2), BROKEN],
  ["reset within the body", stop("body", "reset", 2), ...OVERTAKEN(BROKEN)],
  ["stalled within the body", stop("body", "stall", 2), LATE, STALLS],
  ["closed within the body of a 400", refusal(400, stop("body", "close", 2)), REJECTED],
  ["reset within the body of a 400", refusal(400, stop("body", "reset", 2)), ...OVERTAKEN(REJECTED)],
  ["stalled within the body of a 400", refusal(400, stop("body", "stall", 2)), LATE_BUT_REJECTED, STALLS],
  ["closed within the body of a 500", refusal(500, stop("body", "close", 2)), FAILED],
  ["reset within the body of a 500", refusal(500, stop("body", "reset", 2)), ...OVERTAKEN(FAILED)],
  ["stalled within the body of a 500", refusal(500, stop("body", "stall", 2)), LATE, STALLS],
  ["closed after the body", stop("end", "close"), OK],
  ["reset after the body", stop("end", "reset"), ...OVERTAKEN(OK, BROKEN)],
  ["stalled after the body", stop("end", "stall"), OK],
  ["stalled after a body without a length", { framing: "close", ...stop("end", "stall") }, LATE, STALLS],
];

const slowness = [
  ["a body in drips", { chunk: 1, drip: 1 }, OK],
  ["an answer in drips", raw("200 OK", [], { chunk: 1, drip: 1 }), OK],
  ["a head in drips that last too long", raw("200 OK", [], { chunk: 1, drip: 200 }), LATE, STALLS],
  ["a body in drips that last too long", { chunk: 1, drip: 900 }, LATE, STALLS],
];

const sized = (size) => ({ headers: { "Content-Length": size } });
const length = [
  ["too short", { length: 2 }, BROKEN],
  ["of 0", { length: 0 }, EMPTY],
  ["too long, then the end", { length: 5000 }, { webkit: ALL_CAME[0], rest: BROKEN }, ALL_CAME[1]],
  ["too long, then a stall", { length: 5000, ...stop("end", "stall") }, LATE, STALLS],
  ["that is negative", sized("-4"), ...ILL_FRAMED],
  ["that is no number", sized("four"), ...ILL_FRAMED],
  ["beyond 64 bits", sized("36893488147419103232"), ...ILL_FRAMED],
  ["twice, not the same", ({ bytes }) => sized([bytes.length, bytes.length + 1]), ...ILL_FRAMED],
].map(([what, ...row]) => [`a Content-Length ${what}`, ...row]);

const half = (body) => body.slice(0, body.length / 2);
const cut = (body) => [chunk(body).slice(0, -4)];
const long = (body) => [`${body.length.toString(16)};x=${"x".repeat(102_400)}\r\n`, body, "\r\n", END];
const chunked = [
  ["size that is no number", chunks((body) => ["size\r\n", body, "\r\n", END]), ...NO_CHUNK],
  ["size that is negative", chunks((body) => ["-4\r\n", body, "\r\n", END]), ...NO_CHUNK],
  ["size beyond 64 bits", chunks((body) => ["10000000000000000\r\n", body, "\r\n", END]), ...NO_CHUNK],
  ["size that is missing", chunks((body) => ["\r\n", body, "\r\n", END]), ...NO_CHUNK],
  ["smaller than what comes", chunks((body) => ["2\r\n", body, "\r\n", END]), ...UNSHOWN(BROKEN)],
  ["without its line break", chunks((body) => [chunk(half(body)).slice(0, -2), chunk(body), END]), BROKEN],
  ["that is cut, then the end", chunks(cut), BROKEN],
  ["that is cut, then a reset", chunks(cut, stop("end", "reset")), ...OVERTAKEN(BROKEN)],
  ["that is cut, then a stall", chunks(cut, stop("end", "stall")), LATE, STALLS],
  ["cut within the next one's size", chunks((body) => [chunk(half(body)), "1"]), BROKEN],
  ["and no last one, then the end", chunks((body) => [chunk(body)]), ...ALL_CAME],
  ["and no last one, then a reset", chunks((body) => [chunk(body)], stop("end", "reset")), ...OVERTAKEN(OK, BROKEN)],
  ["and no last one, then a stall", chunks((body) => [chunk(body)], stop("end", "stall")), LATE, STALLS],
  ["with an extension of 100 KiB", chunks(long), [OK, BROKEN], FORGIVEN()[1]],
  ["and trailers", chunks((body) => [chunk(body), "0\r\nX-Trailer: 1\r\n\r\n"]), OK],
  ["and a Content-Length", chunks((body) => [chunk(body), END], sized(4)), ...FORGIVEN(LOST)],
].map(([what, ...row]) => [`a chunk ${what}`, ...row]);

const damaged = (bytes) => bytes.map((byte, at) => (at > 9 && at < 15 ? 0xff : byte));
const encoding = [
  ["gzip that is none", gzipped((body) => body), ...UNDECODED],
  ["gzip that breaks off", gzipped((body) => gzip(body).slice(0, -10)), ...HALF_DECODED],
  ["gzip that is damaged", gzipped((body) => damaged(gzip(body))), ...HALF_DECODED],
  ["gzip with a wrong checksum", gzipped((body) => gzip(body, { crc: 1 })), ...UNCHECKED],
  ["gzip that nobody told of", ({ bytes }) => ({ bytes: gzip(bytes) }), BROKEN],
  ["deflate that is none", { headers: { "Content-Encoding": "deflate" } }, ...UNDECODED],
  ["br that is none", { headers: { "Content-Encoding": "br" } }, ...UNDECODED],
  ["an encoding that does not exist", { headers: { "Content-Encoding": "rot13" } }, OK],
];

const many = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`X-Padding-${n}`, "x".repeat(86)]));
const head = [
  ["a header of 100 KiB", { headers: { "X-Padding": "{{token}}".padEnd(102_400, "x") } }, ...TOO_LONG],
  ["1,000 headers of 100 bytes", { headers: many }, ...TOO_LONG],
  ["a header without a colon", raw("200 OK", ["Nonsense"]), ...FORGIVEN(LOST)],
  ["a header with a NUL", raw("200 OK", ["X-Nul: a\0b"]), ...FORGIVEN(LOST)],
  ["no HTTP at all", ({ bytes }) => ({ raw: bytes }), LOST],
  ["a status of letters", raw("OK OK", []), ...FORGIVEN(LOST)],
  ["a status of two digits", raw("20 OK", []), ...NO_STATUS],
  ["a status of 600", refusal(600), ...NO_STATUS],
  ["a status of 999", refusal(999), ...NO_STATUS],
];

const times = (count, ...lines) => ({ informational: Array(count).fill(lines.join("\r\n")) });
const HINTS = ["103 Early Hints", "Link: </x>"];
const SWITCH = ["101 Switching Protocols", "Upgrade: x", "Connection: upgrade"];
const informational = [
  ["100 early hints", times(100, ...HINTS), OK],
  ["100 times 102", times(100, "102 Processing"), OK],
  ["100 times 100", times(100, "100 Continue"), ...UNASKED],
  ["early hints without end", { ...times(1, ...HINTS), flood: true }, ...FLOOD(LATE)],
  ["100 without end", { ...times(1, "100 Continue"), flood: true }, ...FLOOD(LOST)],
  ["a switch of protocols", times(1, ...SWITCH), ...FORGIVEN(LOST)],
];

const ENDLESS = { ...text("x".repeat(8192)), endless: true };
const body = [
  ["an endless body", ENDLESS, BROKEN],
  ["an endless body of a 400", refusal(400, ENDLESS), REJECTED],
  ["an endless body of a 500", refusal(500, ENDLESS), FAILED],
  ["an empty body", text(""), EMPTY],
  ["a page of a proxy's that quotes the token", text("<!doctype html><p>{{token}} {{secret}}"), BROKEN],
  ["a 204 with a body", { status: 204 }, EMPTY],
  ["a 205 with a body", { status: 205 }, ...RESET_CONTENT],
  ["a 304 with a body", { status: 304 }, REDIRECTED],
];

const kept = [
  ["a kept connection closed under a second request", stop("request", "close"), ...REUSED],
  ["a kept connection reset under a second request", stop("request", "reset"), ...REUSED],
];

const elsewhere = { headers: { Location: "{{other}}/s/{{id}}/elsewhere", "Content-Type": "application/json" } };
function ofStatus(status) {
  if (status === 204 || status === 205) return [{ status, ...text("") }, EMPTY];
  if (status < 300) return [{ status }, OK];
  if (status < 400) return [refusal(status, elsewhere), REDIRECTED];
  if (status === 407) return [refusal(status), ...PROXY];
  if (status === 408) return [refusal(status), ...REQUEST_TIMEOUT];
  if (status === 421) return [refusal(status), ...MISDIRECTED];
  return [refusal(status), status < 500 ? REJECTED : FAILED];
}
const statuses = Array.from({ length: 400 }, (_, at) => 200 + at).map((status) => [
  `status ${status}`,
  ...ofStatus(status),
  { status },
]);

const groups = {
  Connection: connection,
  "Before the answer": beforeTheAnswer,
  "Within the answer": withinTheAnswer,
  Slowness: slowness,
  "Content-Length": length,
  Chunks: chunked,
  Encoding: encoding,
  Head: head,
  "Before the head": informational,
  Body: body,
  "Kept connections": kept,
  Status: statuses,
};

/** @type {{ group: string, name: string, answer: object | Function, expect: object, more: object }[]} */
export const faults = Object.entries(groups).flatMap(([group, rows]) =>
  rows.map(([name, answer, expect, ...more]) => ({ group, name, answer, expect, more: Object.assign({}, ...more) })),
);
