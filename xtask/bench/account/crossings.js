// How often one create crosses between the module and its glue.
import { runInside } from "../inside.js";
import { keyFile } from "../keyfile.js";
import { tableOf } from "./table.js";

const CALLS = 100;

/** How many of each kind a create makes. */
export const countsOf = async ({ folder, readable }) =>
  runInside(folder, "crossings", { package: readable, calls: CALLS }, await keyFile());

/** Lines of Markdown. */
export async function crossingsOf(world) {
  const counts = await countsOf(world);
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  const all = sorted.reduce((sum, [, count]) => sum + count, 0);
  return tableOf(
    ["crossings of one create", "count"],
    [...sorted.map(([what, count]) => [what, count.toFixed(0)]), ["**all**", all.toFixed(0)]],
  );
}
