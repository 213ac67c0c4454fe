import { runInside } from "../../bench/inside.js";
import { ratiosTo } from "../../bench/inside/statistics.js";
import { ONE_THREAD } from "../../bench/rows/create.js";
import { keyFile } from "../answers.js";
import { CLIENTS } from "../clients.js";

const BASE = "fetch";
const [ROUNDS, CALLS] = [60, 100];
let ratios;

/** All in one run, so that each is compared with one of the same round. */
async function measured(folder) {
  const contenders = CLIENTS.filter(({ stubbed }) => stubbed).map(({ file }) => file);
  const file = await keyFile("a key of the bench");
  const rounds = await runInside(folder, "stubbed", { contenders, rounds: ROUNDS, calls: CALLS }, file, ONE_THREAD);
  return ratiosTo(BASE, rounds);
}

export const row = {
  name: "time",
  question: "One create against a stubbed `fetch`: processor time, as a ratio to `fetch`",
  how:
    `The median of ${ROUNDS} rounds of ${CALLS} creates, as [the benchmark](bench.md) does it; behind it is the middle ` +
    "half. axios is told to send by `fetch`. Those that send by other means, or refuse a stub's answer, have no figure.",
  on: ["node"],
  isFigure: true,
  measure: async ({ folder }, client) => {
    if (!client.stubbed) return "–";
    ratios ??= measured(folder);
    const { median, low, high } = (await ratios)[client.file] ?? { median: 1 };
    if (client.file === BASE) return "1";
    return `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
  },
};
