// What the contract leaves to platforms: how a call may end in each, and why. Rows of the table spread these.
import { BROKEN, EMPTY, FAILED, LATE, LATE_BUT_REJECTED, LOST, OK, REJECTED } from "./outcomes.js";

const AGAIN = "The platform sends the request again.";
const FIRST_BYTE = "Firefox shows an answer when the first byte of its body has come.";
const NOT_TOLD = "Node at times tells of no broken encoding: the deadline ends the call.";

/** Firefox sends what is safe to repeat up to ten times when nothing of an answer came. */
export const UP_TO_TEN = [
  LOST,
  {
    requests: { firefox: { list: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], rest: 1 }, rest: 1 },
    why: AGAIN,
  },
];

/** A reset after something that would have ended the call so. */
export const OVERTAKEN = (...endings) => [
  [...endings, LOST],
  {
    why: "A reset may overtake what was sent before it, or come before the platform shows it.",
  },
];

export const CUT_HEAD = [
  { node: LOST, delete: [LOST, OK], rest: [LOST, BROKEN] },
  {
    why: "Over plain HTTP, Chromium and Firefox take a head that is cut off for a whole one, with no body.",
  },
];

export const NO_BODY = [
  { firefox: [BROKEN, LOST], webkit: EMPTY, rest: BROKEN },
  {
    why: `${FIRST_BYTE} WebKit takes the connection's end for the body's.`,
  },
];

/** Broken off before the first byte of a body. */
export const UNSHOWN = (said) => [{ firefox: [said, LOST], rest: said }, { why: FIRST_BYTE }];

/** Stalled before the first byte of the body of a 4xx. */
export const NO_ERROR_YET = [{ firefox: [LATE_BUT_REJECTED, LATE], rest: LATE_BUT_REJECTED }, { why: FIRST_BYTE }];

export const ALL_CAME = [
  [OK, BROKEN],
  {
    why: "All bytes came; some platforms take the connection's end for the body's.",
  },
];

/** Something ill-formed around a body that came whole. */
export const FORGIVEN = (...endings) => [
  { node: endings, page: [...endings, OK] },
  {
    why: "Platforms differ in what they forgive; where a call ends well, all bytes came.",
  },
];

export const ILL_FRAMED = [{ node: LOST, delete: [LOST, OK], rest: [LOST, OK, BROKEN] }, FORGIVEN()[1]];

export const NO_CHUNK = [
  { firefox: [BROKEN, LOST], webkit: EMPTY, rest: BROKEN },
  {
    why: `${FIRST_BYTE} WebKit takes what is no chunk for the body's end.`,
  },
];

export const UNDECODED = [
  { node: [BROKEN, LATE], webkit: [BROKEN, OK], rest: BROKEN },
  {
    stalls: true,
    why: `${NOT_TOLD} WebKit passes on what it cannot decode.`,
  },
];

export const HALF_DECODED = [
  { node: [BROKEN, LATE], rest: BROKEN },
  { stalls: true, why: NOT_TOLD },
];

export const UNCHECKED = [
  { node: [BROKEN, LATE], rest: [BROKEN, OK] },
  {
    stalls: true,
    why: "Chromium and Firefox do not compare the checksum; all bytes came.",
  },
];

export const TOO_LONG = [[OK, LOST], { why: "Platforms set limits to a head; Node's is 16 KiB." }];

export const NO_STATUS = [[LOST, BROKEN], { why: "Some platforms keep such an answer to themselves." }];

export const UNASKED = [{ node: LOST, page: OK }, { why: "Node takes no 100 that it did not ask for." }];

export const FLOOD = (node) => [
  { node, firefox: [LATE, LOST], rest: LATE },
  {
    stalls: true,
    why: "Firefox gives up after some. Node takes no 100 that it did not ask for.",
  },
];

export const RESET_CONTENT = [{ webkit: OK, rest: EMPTY }, { why: "WebKit reads the body of a 205." }];

export const REUSED = [
  { node: LOST, webkit: LOST, rest: [OK, LOST] },
  {
    first: true,
    kept: { webkit: false, rest: true },
    requests: { node: 2, webkit: 2, rest: [2, 3] },
    why: `${AGAIN} WebKitGTK keeps none of these connections.`,
  },
];

export const PROXY = [[REJECTED, LOST], { why: "Platforms take a 407 for a proxy's, and may keep it to themselves." }];

export const REQUEST_TIMEOUT = [FAILED, { requests: { node: 1, page: [1, 2] }, why: AGAIN }];

export const MISDIRECTED = [FAILED, { requests: [1, 2], why: AGAIN }];
