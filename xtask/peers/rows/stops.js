import { sizeOf } from "../answers.js";
import { endless, part } from "./say.js";

/** Milliseconds: a little more than Node's own limits of a `fetch`. */
const PATIENCE = 330_000;

/** A server that stops before its answer, and one that stops within the body. */
export const stopping = (made) => [
  { what: "before the answer", answers: [{ stop: { at: "status", how: "stall" } }] },
  { what: "within the body", answers: [{ ...made, stop: { at: "body", after: sizeOf(made) >> 1, how: "stall" } }] },
];

export const ends = (results) => part(results, (it) => !endless(it), "no", "yes");

export const row = {
  name: "stops",
  question: "The server stops in the middle: does the call end",
  how:
    "The server stops before its answer, and within the body, and keeps the connection. The client has its own default " +
    `limits. The cell says after how long the one and the other ended, to ten seconds; "never" is not within ${PATIENCE / 1000} seconds.`,
  promised: "30 s and 30 s",
  isSlow: true,
  cases: (_, { made }) => stopping(made).map((it) => ({ ...it, call: "create", patience: PATIENCE })),
  judge: (_, results) => {
    if (results.every(endless)) return "no";
    const times = results.map((it) => (endless(it) ? "never" : `${Math.round(it.took / 10_000) * 10} s`));
    return times.join(" and ");
  },
};
