// Every fault: what it is called, what the server does, what the contract says of it, and more where that is needed.
//
// What the server does is a part of a good answer's plan (tests/support/rogue.js), or a function of the good answer; or
// `at`, an address of its own. What the contract says is docs/errors.md: `kind/outcome` or "ok", the same for all; or by
// call or host ("page" is every browser, "rest" what is not named). A list has what a platform is free to make of it, and
// then `why` says so. More:
//   requests  how many of the server's see the call; 1, for `at` 0
//   stalls    true gives the call a short timeout
//   long      true sends the longest token that there is
//   first     true makes a good call before, on a connection that is to be kept
//   kept      whether the platform does keep it
import {
  BROKEN, EMPTY, FAILED, LATE, LOST, OK, REDIRECTED, REJECTED, UNSENT, chunk, chunks, gzip, gzipped, raw, refusal, stop, verbatim,
} from "./words.js";

const HALF = (bytes) => bytes.slice(0, bytes.length / 2);
const HIDES = "Browsers do not say whether a connection came about.";
const OVERTAKES = "A reset may overtake what was sent before it.";
const LENIENT = "Platforms differ in what they forgive; where it is `ok`, all bytes came.";
const ALL_CAME = "All bytes came: some platforms take the connection's end for the body's.";
const AGAIN = "Platforms send the request again: see docs/platforms.md.";
const NEVER_TOLD = "Node at times never tells of a broken encoding: then the deadline ends the call.";
const UNCHECKED = "Chromium and Firefox do not compare the checksum; all bytes came.";
const PASSES = "WebKit passes on what it cannot decode; here that is the file itself.";
const NOT_ASKED = "Node takes no 100 that it did not ask for, and Firefox gives up after some.";
const GIVES_UP = "Firefox gives up after some.";
const TOO_LONG = "Platforms set limits to a head; Node's is 16 KiB.";
const PROXY = "Platforms take a 407 for a proxy's, and may keep it to themselves.";
const CUT_HEAD = "Over plain HTTP, Chromium and Firefox take a head that was cut off for a whole one, with no body.";
const NO_BYTE = "Firefox shows an answer when the first byte of its body has come; WebKit takes the connection's end for the body's.";
const NO_CHUNK = "Firefox shows an answer when the first byte of its body has come; WebKit takes what is no chunk for the body's end.";
const NEW_STATUS = "Some platforms keep such an answer to themselves.";

const connection = [
  ["refused", { at: "refused" }, { node: UNSENT, page: LOST }, { why: HIDES }],
  ["closed as it opens", { at: "closing" }, LOST],
  ["reset as it opens", { at: "resetting" }, LOST],
  ["never answered", { at: "silent" }, LATE, { stalls: true }],
  ["to a name that does not resolve", { at: "unresolved" }, { node: UNSENT, page: LOST }, { why: HIDES }],
  ["TLS to a server that has none", { at: "tlsToPlain" }, LOST],
  ["TLS with a certificate that nobody trusts", { at: "untrusted" }, LOST],
  ["TLS closed in the handshake", { at: "tlsToClosing" }, LOST],
  ["TLS reset in the handshake", { at: "tlsToResetting" }, LOST],
  ["TLS stalled in the handshake", { at: "tlsToSilent" }, LATE, { stalls: true }],
];

// Firefox sends what is safe to repeat up to ten times when nothing of an answer came.
const UP_TO_TEN = { requests: { firefox: { list: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], rest: 1 }, rest: 1 }, why: AGAIN };
const beforeAnswer = [
  ["within the request", ["request", 16_000], UP_TO_TEN],
  ["after the request's head", ["request"], UP_TO_TEN],
  ["before the status line", ["status"], UP_TO_TEN],
  ["within the status line", ["status", 7]],
  ["after the status line", ["headers"]],
].flatMap(([where, [at, after], again]) => {
  const long = after > 1000;
  return [
    [`closed ${where}`, stop(at, "close", after), LOST, { long, ...again }],
    [`reset ${where}`, stop(at, "reset", after), LOST, { long, ...again }],
    [`stalled ${where}`, stop(at, "stall", after), LATE, { long, stalls: true }],
  ];
}).concat([
  ["closed within the headers", stop("headers", "close", 50), { node: LOST, delete: [LOST, OK], rest: [LOST, BROKEN] }, { why: CUT_HEAD }],
  ["reset within the headers", stop("headers", "reset", 50), LOST],
  ["stalled within the headers", stop("headers", "stall", 50), LATE, { stalls: true }],
]);

const TOLD = [[400, REJECTED, "timeout/rejected"], [500, FAILED, LATE]];
const withinAnswer = [
  ["closed after the headers", stop("body", "close"), { firefox: [BROKEN, LOST], webkit: EMPTY, rest: BROKEN }, { why: NO_BYTE }],
  ["reset after the headers", stop("body", "reset"), [BROKEN, LOST], { why: OVERTAKES }],
  ["stalled after the headers", stop("body", "stall"), LATE, { stalls: true }],
  ...TOLD.flatMap(([status, said, late]) => [
    [`closed after the headers of a ${status}`, refusal(status, stop("body", "close")), { firefox: [said, LOST], rest: said }, { why: NO_BYTE }],
    [`reset after the headers of a ${status}`, refusal(status, stop("body", "reset")), [said, LOST], { why: OVERTAKES }],
    [`stalled after the headers of a ${status}`, refusal(status, stop("body", "stall")), { firefox: LATE, rest: late }, { stalls: true, why: NO_BYTE }],
  ]),
  ["closed within the body", stop("body", "close", 2), BROKEN],
  ["reset within the body", stop("body", "reset", 2), [BROKEN, LOST], { why: OVERTAKES }],
  ["stalled within the body", stop("body", "stall", 2), LATE, { stalls: true }],
  ...TOLD.flatMap(([status, said, late]) => [
    [`closed within the body of a ${status}`, refusal(status, stop("body", "close", 2)), said],
    [`reset within the body of a ${status}`, refusal(status, stop("body", "reset", 2)), [said, LOST], { why: OVERTAKES }],
    [`stalled within the body of a ${status}`, refusal(status, stop("body", "stall", 2)), late, { stalls: true }],
  ]),
];

const afterAnswer = [
  ["closed after the body", stop("end", "close"), OK],
  ["reset after the body", stop("end", "reset"), [OK, BROKEN, LOST], { why: OVERTAKES }],
  ["stalled after the body", stop("end", "stall"), OK],
  ["stalled after a body without a length", { framing: "close", ...stop("end", "stall") }, LATE, { stalls: true }],
];

const slow = [
  ["a body in drips", { chunk: 1, drip: 1 }, OK],
  ["an answer in drips", raw("200 OK", [], { chunk: 1, drip: 1 }), OK],
  ["a head in drips that last too long", raw("200 OK", [], { chunk: 1, drip: 200 }), LATE, { stalls: true }],
  ["a body in drips that last too long", { chunk: 1, drip: 900 }, LATE, { stalls: true }],
];

const ILL_FRAMED = { node: LOST, delete: [LOST, OK], rest: [LOST, OK, BROKEN] };
const length = [
  ["too short", { length: 2 }, BROKEN],
  ["of 0", { length: 0 }, EMPTY],
  ["too long, then the end", { length: 5000 }, { webkit: [OK, BROKEN], rest: BROKEN }, { why: ALL_CAME }],
  ["too long, then a stall", { length: 5000, ...stop("end", "stall") }, LATE, { stalls: true }],
  ["that is negative", { headers: { "Content-Length": "-4" } }, ILL_FRAMED, { why: LENIENT }],
  ["that is no number", { headers: { "Content-Length": "four" } }, ILL_FRAMED, { why: LENIENT }],
  ["beyond 64 bits", { headers: { "Content-Length": "36893488147419103232" } }, ILL_FRAMED, { why: LENIENT }],
  ["twice, not the same", ({ bytes }) => ({ headers: { "Content-Length": [bytes.length, bytes.length + 1] } }), ILL_FRAMED, { why: LENIENT }],
].map(([what, ...row]) => [`a Content-Length ${what}`, ...row]);

const NO_SIZE = [{ firefox: [BROKEN, LOST], webkit: EMPTY, rest: BROKEN }, { why: NO_CHUNK }];
const END = "0\r\n\r\n";
const CUT = (how) => (good) => ({ ...chunks((body) => [chunk(body).slice(0, -4)])(good), ...stop("end", how) });
const UNENDED = (how) => (good) => ({ ...chunks((body) => [chunk(body)])(good), ...stop("end", how) });
const chunked = [
  ["size that is no number", chunks((body) => ["size\r\n", body, "\r\n", END]), ...NO_SIZE],
  ["size that is negative", chunks((body) => [`-${body.length.toString(16)}\r\n`, body, "\r\n", END]), ...NO_SIZE],
  ["size beyond 64 bits", chunks((body) => ["10000000000000000\r\n", body, "\r\n", END]), ...NO_SIZE],
  ["size that is missing", chunks((body) => ["\r\n", body, "\r\n", END]), ...NO_SIZE],
  ["smaller than what comes", chunks((body) => ["2\r\n", body, "\r\n", END]), { firefox: [BROKEN, LOST], rest: BROKEN }, { why: NO_CHUNK }],
  ["without its line break", chunks((body) => [chunk(HALF(body)).slice(0, -2), chunk(body), END]), BROKEN],
  ["that is cut, then the end", CUT("close"), BROKEN],
  ["that is cut, then a reset", CUT("reset"), [BROKEN, LOST], { why: OVERTAKES }],
  ["that is cut, then a stall", CUT("stall"), LATE, { stalls: true }],
  ["cut within the next one's size", chunks((body) => [chunk(HALF(body)), "1"]), BROKEN],
  ["and no last one, then the end", UNENDED("close"), [OK, BROKEN], { why: ALL_CAME }],
  ["and no last one, then a reset", UNENDED("reset"), [OK, BROKEN, LOST], { why: OVERTAKES }],
  ["and no last one, then a stall", UNENDED("stall"), LATE, { stalls: true }],
  ["with an extension of 100 KiB", chunks((body) => [`${body.length.toString(16)};x=${"x".repeat(102_400)}\r\n`, body, "\r\n", END]), [OK, BROKEN], { why: LENIENT }],
  ["and trailers", chunks((body) => [chunk(body), "0\r\nX-Trailer: 1\r\n\r\n"]), OK],
  ["and a Content-Length", chunks((body) => [chunk(body), END], { "Content-Length": "4" }), [OK, LOST], { why: LENIENT }],
].map(([what, ...row]) => [`a chunk ${what}`, ...row]);

const UNDECODED = { node: [BROKEN, LATE], webkit: [BROKEN, OK], rest: BROKEN };
const TOLD_OR_NOT = { stalls: true, why: `${NEVER_TOLD} ${PASSES}` };
const encoding = [
  ["gzip that is none", gzipped((body) => body), UNDECODED, TOLD_OR_NOT],
  ["gzip that breaks off", gzipped((body) => gzip(body).slice(0, -10)), { node: [BROKEN, LATE], rest: BROKEN }, { stalls: true, why: NEVER_TOLD }],
  ["gzip that is damaged", gzipped((body) => gzip(body).map((byte, at) => (at > 9 && at < 15 ? 0xff : byte))),
    { node: [BROKEN, LATE], rest: BROKEN }, { stalls: true, why: NEVER_TOLD }],
  ["gzip with a wrong checksum", gzipped((body) => gzip(body, { crc: 1 })), { node: [BROKEN, LATE], rest: [OK, BROKEN] }, { stalls: true, why: UNCHECKED }],
  ["gzip that nobody told of", ({ bytes }) => ({ bytes: gzip(bytes) }), BROKEN],
  ["deflate that is none", { headers: { "Content-Encoding": "deflate" } }, UNDECODED, TOLD_OR_NOT],
  ["br that is none", { headers: { "Content-Encoding": "br" } }, UNDECODED, TOLD_OR_NOT],
  ["an encoding that does not exist", { headers: { "Content-Encoding": "rot13" } }, OK],
];

const head = [
  ["a header of 100 KiB", { headers: { "X-Padding": "{{token}}".padEnd(102_400, "x") } }, [OK, LOST], { why: TOO_LONG }],
  ["1,000 headers of 100 bytes", { headers: Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`X-Padding-${n}`, "x".repeat(86)])) }, [OK, LOST], { why: TOO_LONG }],
  ["a header without a colon", raw("200 OK", ["Nonsense"]), { node: LOST, page: [LOST, OK] }, { why: LENIENT }],
  ["a header with a NUL", raw("200 OK", ["X-Nul: a\0b"]), { node: LOST, page: [LOST, OK] }, { why: LENIENT }],
  ["no HTTP at all", ({ bytes }) => ({ raw: bytes }), LOST],
  ["a status of two digits", raw("20 OK", []), [LOST, BROKEN], { why: NEW_STATUS }],
  ["a status of letters", raw("OK OK", []), { node: LOST, page: [LOST, OK] }, { why: LENIENT }],
  ["a status of 600", refusal(600), [BROKEN, LOST], { why: NEW_STATUS }],
  ["a status of 999", refusal(999), [BROKEN, LOST], { why: NEW_STATUS }],
];

const informational = [
  ["100 early hints", { informational: Array(100).fill("103 Early Hints\r\nLink: </x>") }, OK],
  ["100 times 102", { informational: Array(100).fill("102 Processing") }, OK],
  ["100 times 100", { informational: Array(100).fill("100 Continue") }, { node: LOST, page: OK }, { why: NOT_ASKED }],
  ["early hints without end", { informational: ["103 Early Hints\r\nLink: </x>"], flood: true }, { firefox: [LATE, LOST], rest: LATE }, { stalls: true, why: GIVES_UP }],
  ["100 without end", { informational: ["100 Continue"], flood: true }, { node: LOST, firefox: [LATE, LOST], rest: LATE }, { stalls: true, why: NOT_ASKED }],
  ["a switch of protocols", { informational: ["101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade"] }, { node: LOST, page: [LOST, OK] }, { why: LENIENT }],
];

const ENDLESS = { base64: undefined, body: "x".repeat(8192), endless: true };
const body = [
  ["an endless body", ENDLESS, BROKEN],
  ["an endless body of a 400", refusal(400, ENDLESS), REJECTED],
  ["an endless body of a 500", refusal(500, ENDLESS), FAILED],
  ["an empty body", { base64: undefined, body: "" }, EMPTY],
  ["a page of a proxy's that quotes the token", { base64: undefined, body: "<!doctype html><p>{{token}} {{secret}}" }, BROKEN],
  ["a 204 with a body", { status: 204 }, EMPTY],
  ["a 205 with a body", { status: 205 }, { webkit: OK, rest: EMPTY }, { why: "WebKit reads the body of a 205." }],
  ["a 304 with a body", { status: 304 }, REDIRECTED],
];

const kept = [
  ["closed under a second request", stop("request", "close")],
  ["reset under a second request", stop("request", "reset")],
].map(([what, answer]) => [`a kept connection ${what}`, answer, { node: LOST, webkit: LOST, rest: [OK, LOST] }, {
  first: true, kept: { webkit: false, rest: true }, requests: { node: 2, webkit: 2, rest: [2, 3] },
  why: `${AGAIN} WebKitGTK keeps none of these connections.`,
}]);

const redirect = { Location: "{{other}}/s/{{id}}/elsewhere", "Content-Type": "application/json" };
const statuses = Array.from({ length: 400 }, (_, at) => 200 + at).map((status) => {
  const row = (answer, expect, more) => [`status ${status}`, { status, ...answer }, expect, { status, ...more }];
  if (status === 204 || status === 205) return row({ base64: undefined, body: "" }, EMPTY);
  if (status < 300) return row({}, OK);
  if (status < 400) return row(refusal(status, { headers: redirect }), REDIRECTED);
  if (status === 407) return row(refusal(status), [REJECTED, LOST], { why: PROXY });
  if (status === 408) return row(refusal(status), FAILED, { requests: { node: 1, page: [1, 2] }, why: AGAIN });
  if (status === 421) return row(refusal(status), FAILED, { requests: [1, 2], why: AGAIN });
  return row(refusal(status), status < 500 ? REJECTED : FAILED);
});

const groups = {
  "Connection": connection, "Before the answer": beforeAnswer, "Within the answer": withinAnswer, "After the answer": afterAnswer,
  "Slowness": slow, "Content-Length": length, "Chunks": chunked, "Encoding": encoding, "Head": head, "Before the head": informational,
  "Body": body, "Kept connections": kept, "Status": statuses,
};

/** @type {{ group: string, name: string, answer: object | Function, expect: object, more: object }[]} */
export const faults = Object.entries(groups).flatMap(([group, rows]) =>
  rows.map(([name, answer, expect, more = {}]) => ({ group, name, answer, expect, more })));
