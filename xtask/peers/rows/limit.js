import { ends, stopping } from "./stops.js";

/** Milliseconds: the client's own limit, and how long we wait for it. */
const [LIMIT, PATIENCE] = [1_000, 30_000];
export const NO_LIMIT = "it has no time limit of its own";

export const row = {
  name: "limit",
  question: "The same with a time limit of one second: does the call end",
  how:
    "The limit is told as the client's docs say; for those that take a signal only, it is `AbortSignal.timeout(1000)`. " +
    `Counted are the calls that ended within ${PATIENCE / 1000} seconds, repetitions included.`,
  promised: "yes",
  lacks: (client) => (client.limit ? undefined : NO_LIMIT),
  cases: (_, { made }) => stopping(made).map((it) => ({ ...it, call: "create", limit: LIMIT, patience: PATIENCE })),
  judge: (_, results) => ends(results),
};
