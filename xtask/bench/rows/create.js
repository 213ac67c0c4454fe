import { runInside } from "../inside.js";
import { ratiosTo } from "../inside/statistics.js";
import { keyFile } from "../keyfile.js";
import { contendersOf } from "../peers.js";

export const row = {
  name: "create",
  what: "one create against a stubbed `fetch`, processor time",
  unit: "ratio",
  base: "same-result",
  goal: 1.5,
};

export async function measure({ folder }) {
  const task = { contenders: contendersOf("create"), rounds: 40, calls: 300 };
  const rounds = await runInside(folder, "stubbed", task, await keyFile());
  return [{ where: "Node", figures: ratiosTo(row.base, rounds) }];
}
