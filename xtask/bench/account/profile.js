// Where the processor is during creates of the package against a stubbed fetch.
import { runInside } from "../inside.js";
import { keyFile } from "../keyfile.js";
import { tableOf } from "./table.js";

const CALLS = 20_000;

/** Lines of Markdown. */
export async function profileOf({ folder }) {
  const samples = Object.entries(await runInside(folder, "profile", { calls: CALLS }, await keyFile()));
  const all = samples.reduce((sum, [, count]) => sum + count, 0);
  return tableOf(
    ["Node, stubbed `fetch`: where the processor is", "share of the samples"],
    [
      ...samples
        .sort(([, a], [, b]) => b - a)
        .map(([place, count]) => [place, `${((count / all) * 100).toFixed(0)} %`]),
    ],
  );
}
