// Every fault: what it is called, what the server does, what the contract says of it, and more where that is needed.
//
// What the server does is a part of a good answer's plan (tests/support/rogue.js), or a function of the good answer; or
// `at`, an address of its own. What the contract says is docs/errors.md: `kind/outcome` or "ok", the same for all; or by
// call or host ("page" is every browser, "rest" what is not named). A list has what a platform is free to make of it, and
// then `why` says so. More:
//   requests  how many of the server's see the call; 1, for `at` 0
//   stalls    true gives the call a short timeout
//   long      true sends the longest token that there is
//   first     true makes a good call before, on a connection that is kept
import {
  BROKEN, EMPTY, FAILED, LATE, LOST, OK, REDIRECTED, REJECTED, UNSENT, chunk, chunks, gzip, gzipped, raw, refusal, stop, verbatim,
} from "./words.js";

const HALF = (bytes) => bytes.slice(0, bytes.length / 2);
const HIDES = "Browsers do not say whether a connection came about.";
const OVERTAKES = "A reset may overtake what was sent before it.";
const LENIENT = "Platforms differ in what they forgive; all bytes came.";
const ALL_CAME = "All bytes came: some platforms take the connection's end for the body's.";
const SMUGGLED = "Node refuses an answer with two framings; others follow the chunks.";
const NEVER_TOLD = "Node at times never tells of a broken encoding: then the deadline ends the call.";
const NOT_ASKED = "Node takes no 100 that it did not ask for.";
const TOO_LONG = "Platforms set limits to a head; Node's is 16 KiB.";
const PROXY = "Platforms take a 407 for a proxy's, and may keep it to themselves.";
const AGAIN = "Platforms send the request again: see docs/platforms.md.";

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

const beforeAnswer = [
  ["within the request", ["request", 16_000], { long: true }],
  ["after the request's head", ["request"]],
  ["before the status line", ["status"]],
  ["within the status line", ["status", 7]],
  ["after the status line", ["headers"]],
  ["within the headers", ["headers", 50]],
].flatMap(([where, [at, after], more]) => [
  [`closed ${where}`, stop(at, "close", after), LOST, more],
  [`reset ${where}`, stop(at, "reset", after), LOST, more],
  [`stalled ${where}`, stop(at, "stall", after), LATE, { ...more, stalls: true }],
]);

const withinAnswer = [["after the headers", 0], ["within the body", 2]].flatMap(([where, after]) => [
  [`closed ${where}`, stop("body", "close", after), BROKEN],
  [`reset ${where}`, stop("body", "reset", after), [BROKEN, LOST], { why: OVERTAKES }],
  [`stalled ${where}`, stop("body", "stall", after), LATE, { stalls: true }],
  ...[[400, REJECTED, "timeout/rejected"], [500, FAILED, LATE]].flatMap(([status, said, late]) => [
    [`closed ${where} of a ${status}`, refusal(status, stop("body", "close", after)), said],
    [`reset ${where} of a ${status}`, refusal(status, stop("body", "reset", after)), [said, LOST], { why: OVERTAKES }],
    [`stalled ${where} of a ${status}`, refusal(status, stop("body", "stall", after)), late, { stalls: true }],
  ]),
]);

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

const length = [
  ["too short", { length: 2 }, BROKEN],
  ["of 0", { length: 0 }, EMPTY],
  ["too long, then the end", { length: 5000 }, BROKEN],
  ["too long, then a stall", { length: 5000, ...stop("end", "stall") }, LATE, { stalls: true }],
  ["that is negative", { headers: { "Content-Length": "-4" } }, LOST],
  ["that is no number", { headers: { "Content-Length": "four" } }, LOST],
  ["beyond 64 bits", { headers: { "Content-Length": "36893488147419103232" } }, LOST],
  ["twice, not the same", ({ bytes }) => ({ headers: { "Content-Length": [bytes.length, bytes.length + 1] } }), LOST],
].map(([what, ...row]) => [`a Content-Length ${what}`, ...row]);

const END = "0\r\n\r\n";
const CUT = (how) => (good) => ({ ...chunks((body) => [chunk(body).slice(0, -4)])(good), ...stop("end", how) });
const UNENDED = (how) => (good) => ({ ...chunks((body) => [chunk(body)])(good), ...stop("end", how) });
const chunked = [
  ["size that is no number", chunks((body) => ["size\r\n", body, "\r\n", END]), BROKEN],
  ["size that is negative", chunks((body) => [`-${body.length.toString(16)}\r\n`, body, "\r\n", END]), BROKEN],
  ["size beyond 64 bits", chunks((body) => ["10000000000000000\r\n", body, "\r\n", END]), BROKEN],
  ["size that is missing", chunks((body) => ["\r\n", body, "\r\n", END]), BROKEN],
  ["smaller than what comes", chunks((body) => ["2\r\n", body, "\r\n", END]), BROKEN],
  ["without its line break", chunks((body) => [chunk(HALF(body)).slice(0, -2), chunk(body), END]), BROKEN],
  ["that is cut, then the end", CUT("close"), BROKEN],
  ["that is cut, then a reset", CUT("reset"), [BROKEN, LOST], { why: OVERTAKES }],
  ["that is cut, then a stall", CUT("stall"), LATE, { stalls: true }],
  ["cut within the next one's size", chunks((body) => [chunk(HALF(body)), "1"]), BROKEN],
  ["and no last one, then the end", UNENDED("close"), [OK, BROKEN], { why: ALL_CAME }],
  ["and no last one, then a reset", UNENDED("reset"), [OK, BROKEN, LOST], { why: OVERTAKES }],
  ["and no last one, then a stall", UNENDED("stall"), LATE, { stalls: true }],
  ["with an extension of 100 KiB", chunks((body) => [`${body.length.toString(16)};x=${"x".repeat(102_400)}\r\n`, body, "\r\n", END]), OK],
  ["and trailers", chunks((body) => [chunk(body), "0\r\nX-Trailer: 1\r\n\r\n"]), OK],
  ["and a Content-Length", chunks((body) => [chunk(body), END], { "Content-Length": "4" }), [OK, LOST], { why: SMUGGLED }],
].map(([what, ...row]) => [`a chunk ${what}`, ...row]);

const UNDECODED = [{ node: [BROKEN, LATE], page: BROKEN }, { stalls: true, why: NEVER_TOLD }];
const encoding = [
  ["gzip that is none", gzipped((body) => body), ...UNDECODED],
  ["gzip that breaks off", gzipped((body) => gzip(body).slice(0, -10)), ...UNDECODED],
  ["gzip with a wrong checksum", gzipped((body) => gzip(body, { crc: 1 })), ...UNDECODED],
  ["gzip that is damaged", gzipped((body) => gzip(body).map((byte, at) => (at > 9 && at < 15 ? 0xff : byte))), ...UNDECODED],
  ["gzip that nobody told of", ({ bytes }) => ({ bytes: gzip(bytes) }), BROKEN],
  ["deflate that is none", { headers: { "Content-Encoding": "deflate" } }, ...UNDECODED],
  ["br that is none", { headers: { "Content-Encoding": "br" } }, ...UNDECODED],
  ["an encoding that does not exist", { headers: { "Content-Encoding": "rot13" } }, OK],
];

const head = [
  ["a header of 100 KiB", { headers: { "X-Padding": "{{token}}".padEnd(102_400, "x") } }, [OK, LOST], { why: TOO_LONG }],
  ["1,000 headers of 100 bytes", { headers: Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`X-Padding-${n}`, "x".repeat(86)])) }, [OK, LOST], { why: TOO_LONG }],
  ["a header without a colon", raw("200 OK", ["Nonsense"]), LOST],
  ["a header with a NUL", raw("200 OK", ["X-Nul: a\0b"]), LOST],
  ["no HTTP at all", ({ bytes }) => ({ raw: bytes }), LOST],
  ["a status of two digits", raw("20 OK", []), LOST],
  ["a status of letters", raw("OK OK", []), LOST],
  ["a status of 600", refusal(600), BROKEN],
  ["a status of 999", refusal(999), BROKEN],
];

const informational = [
  ["100 early hints", { informational: Array(100).fill("103 Early Hints\r\nLink: </x>") }, OK],
  ["100 times 102", { informational: Array(100).fill("102 Processing") }, OK],
  ["100 times 100", { informational: Array(100).fill("100 Continue") }, { node: LOST, page: OK }, { why: NOT_ASKED }],
  ["early hints without end", { informational: ["103 Early Hints\r\nLink: </x>"], flood: true }, LATE, { stalls: true }],
  ["100 without end", { informational: ["100 Continue"], flood: true }, { node: LOST, page: LATE }, { stalls: true, why: NOT_ASKED }],
  ["a switch of protocols", { informational: ["101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade"] }, LOST],
];

const body = [
  ["an endless body", { endless: true }, BROKEN],
  ["an endless body of a 400", refusal(400, { endless: true }), REJECTED],
  ["an endless body of a 500", refusal(500, { endless: true }), FAILED],
  ["an empty body", { base64: undefined, body: "" }, EMPTY],
  ["a page of a proxy's that quotes the token", { base64: undefined, body: "<!doctype html><p>{{token}} {{secret}}" }, BROKEN],
  ["a 204 with a body", { status: 204 }, EMPTY],
  ["a 205 with a body", { status: 205 }, EMPTY],
  ["a 304 with a body", { status: 304 }, REDIRECTED],
];

const kept = [
  ["closed under a second request", stop("request", "close")],
  ["reset under a second request", stop("request", "reset")],
].map(([what, answer]) => [`a kept connection ${what}`, answer, LOST, { first: true }]);

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
