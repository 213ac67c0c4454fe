// Where the time of one create goes: from bare fetch to the package, one part of the platform after the other.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runInside } from "../inside.js";
import { ratiosTo } from "../inside/statistics.js";
import { keyFile } from "../keyfile.js";
import { PARTS } from "../peers/parts.js";
import { RUNS, measureCalls } from "../rows/calls.js";

const BARE = "bare";
const fileOf = (part) => `up-to-${part}`;
const STEPS = [...Object.keys(PARTS).map(fileOf), "package"];
const WHAT = { ...Object.fromEntries(Object.entries(PARTS).map(([part, what]) => [fileOf(part), `with ${what}`])), package: "the package" };

/** A contender for each step. */
function writeSteps(folder) {
  const parts = Object.keys(PARTS);
  for (const [at, part] of parts.entries()) {
    const wanted = JSON.stringify(parts.slice(0, at + 1));
    const text = `import { createWith } from "./parts.js";\nexport const connect = (options) => ({ create: createWith(${wanted}, options) });\n`;
    writeFileSync(join(folder, "peers", `${fileOf(part)}.js`), text);
  }
}

const ratio = (value) => value.toFixed(2);
const cell = ({ median, low, high }) => `${ratio(median)} (${ratio(low)}–${ratio(high)})`;

/** Lines of Markdown. */
export async function stepsOf(world) {
  writeSteps(world.folder);
  const contenders = [BARE, ...STEPS];
  const stubbed = await runInside(world.folder, "stubbed", { contenders, rounds: 40, calls: 300 }, await keyFile());
  const { onNode, inPage } = await measureCalls(world, contenders);
  const columns = [
    ["stubbed `fetch`, Node", stubbed],
    ...RUNS.map(({ concurrency }, at) => [`the service, Chromium, ${concurrency} at a time`, inPage[at]]),
    ...RUNS.map(({ concurrency }, at) => [`the service, Node, ${concurrency} at a time`, onNode[at]]),
  ].map(([name, rounds]) => ({ name, figures: ratiosTo(BARE, rounds) }));
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [
    line(["one after the other, as a ratio to bare `fetch`", ...columns.map(({ name }) => name)]),
    line(["---", ...columns.map(() => "---")]),
    ...STEPS.map((step) => line([WHAT[step], ...columns.map(({ figures }) => cell(figures[step]))])),
  ];
}
