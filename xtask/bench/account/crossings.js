// How often one create crosses between the module and its glue.
import { runInside } from "../inside.js";
import { keyFile } from "../keyfile.js";

const CALLS = 100;

/** Lines of Markdown. */
export async function crossingsOf({ folder, readable }) {
  const counts = await runInside(folder, "crossings", { package: readable, calls: CALLS }, await keyFile());
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const line = (what, count) => `| ${what} | ${count.toFixed(0)} |`;
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return ["| crossings of one create | count |", "|---|---|", ...sorted.map((it) => line(...it)), line("**all**", all)];
}
