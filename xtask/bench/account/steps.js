// Where the time of one create goes: from bare fetch to the package, one part of the platform after the other.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runInside } from "../inside.js";
import { ratiosTo } from "../inside/statistics.js";
import { keyFile } from "../keyfile.js";
import { PARTS } from "../peers/parts.js";
import { ONE_THREAD } from "../rows/create.js";
import { RUNS, measureCalls } from "../rows/calls.js";
import { tableOf } from "./table.js";

const BARE = "bare";
const names = Object.keys(PARTS);
/** What a reader calls each step, by its file in peers/. */
const STEPS = new Map([...names.map((name) => [`up-to-${name}`, `with ${PARTS[name]}`]), ["package", "the package"]]);

/** Makes a contender of each part, with all parts before it. */
function writeSteps(folder) {
  for (const [at, name] of names.entries()) {
    const wanted = JSON.stringify(names.slice(0, at + 1));
    const code = `import { createWith } from "./parts.js";
      export const connect = (options) => ({ create: createWith(${wanted}, options) });`;
    writeFileSync(join(folder, "peers", `up-to-${name}.js`), code);
  }
}

const ratio = (value) => value.toFixed(2);
const cell = ({ median, low, high }) => `${ratio(median)} (${ratio(low)}–${ratio(high)})`;

/** Lines of Markdown. */
export async function stepsOf(world) {
  writeSteps(world.folder);
  const contenders = [BARE, ...STEPS.keys()];
  const stubbed = await runInside(
    world.folder,
    "stubbed",
    { contenders, rounds: 120, calls: 100 },
    await keyFile(),
    ONE_THREAD,
  );
  const { onNode, inPage } = await measureCalls(world, contenders);
  const columns = [["Node, stubbed `fetch`", stubbed]];
  for (const [host, measured] of [
    ["Node", onNode],
    ["Chromium", inPage],
  ]) {
    for (const [at, { concurrency }] of RUNS.entries()) {
      columns.push([`${host}, ${concurrency} at a time`, measured[at]]);
    }
  }
  const figures = columns.map(([, rounds]) => ratiosTo(BARE, rounds));
  return tableOf(
    ["one step after the other", ...columns.map(([name]) => name)],
    [
      ["bare `fetch`", ...columns.map(() => "1")],
      ...[...STEPS].map(([file, what]) => [what, ...figures.map((its) => cell(its[file]))]),
    ],
  );
}
