import { runInside } from "../inside.js";
import { ratiosTo } from "../inside/statistics.js";
import { keyFile } from "../keyfile.js";
import { contendersOf } from "../peers.js";

/** Threads that collect garbage wait for each other by spinning, which a busy machine turns into noise. */
export const ONE_THREAD = ["--single-threaded"];

export const row = {
  name: "create",
  what: "one create against a stubbed `fetch`, processor time",
  unit: "ratio",
  base: "same-result",
  goal: 1.5,
};

export async function measure({ folder }) {
  const task = { contenders: contendersOf("create"), rounds: 120, calls: 100 };
  const rounds = await runInside(folder, "stubbed", task, await keyFile(), ONE_THREAD);
  return [{ where: "Node", figures: ratiosTo(row.base, rounds) }];
}
