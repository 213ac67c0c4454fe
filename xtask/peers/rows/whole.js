import { sizeOf } from "../answers.js";
import { part, succeeded, withEndless } from "./say.js";

export const row = {
  name: "whole",
  question: "The body breaks off: does it look whole",
  how:
    "Half of the file arrives: of a body with a length, then the connection is closed, or reset; of chunks without the " +
    "last one; of a body that ends with its connection; of one by gzip that does. Counted are those that end as a success.",
  promised: "no",
  cases: (_, { made }) => {
    const after = sizeOf(made) >> 1;
    const cut = (how, more) => ({ ...made, ...more, stop: { at: "body", after, how } });
    return [
      ["a close", cut("close")],
      ["a reset", cut("reset")],
      ["chunks", cut("close", { framing: "chunked", chunk: 16 })],
      ["no length", cut("close", { framing: "close" })],
      ["gzip", cut("close", { framing: "close", encoding: "gzip" })],
    ].map(([what, answer]) => ({ what, call: "create", answers: [answer] }));
  },
  judge: (_, results) => withEndless(part(results, succeeded, "no"), results),
};
