// Measures the package beside its peers, all in one run:
//   node xtask/bench/run.js --pkg DIR --tools DIR --wasm DIR --readable DIR --parts FILE --service BIN --limit BIN
//     --load BIN [--only ROW] [--record]
//   --pkg DIR     where the packed package is installed
//   --tools DIR   where xtask/bench/package-lock.json is installed
//   --wasm DIR    what wasm-bindgen made of the peers that are Rust
//   --readable DIR, --parts FILE   the same package with its names kept, and what its module is made of
//   --service, --limit, --load   release builds: the service, and of its examples bare_inserts and creates
//   --only ROW    only these rows, or account, what stands between the package and its goals; may be repeated
//   --record      write docs/bench.md and docs/bench.svg: the rows if all were measured, and the account
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { REPOSITORY } from "../../tests/support/consumer.js";
import { write } from "../../tests/support/matrix.js";
import { accountOf } from "./account/account.js";
import { measured } from "./peers.js";
import { makeProject } from "./project.js";
import { chartOf } from "./report/chart.js";
import { linesOf, tableOf } from "./report/table.js";

const ROWS = ["size", "crossings", "create", "start", "calls", "memory", "peak", "service"];
const ACCOUNT = "account";
const text = { type: "string" };
const { values } = parseArgs({
  options: {
    pkg: text,
    tools: text,
    wasm: text,
    readable: text,
    parts: text,
    service: text,
    limit: text,
    load: text,
    only: { ...text, multiple: true, default: [...ROWS, ACCOUNT] },
    record: { type: "boolean", default: false },
  },
});

const world = { ...values, folder: makeProject(values), versions: { Node: process.versions.node } };
const results = [];
const attempt = async (name, work) => {
  try {
    await work();
  } catch (error) {
    console.error(`${name} could not be measured:`, error);
    process.exitCode = 1;
  }
};
const rows = ROWS.filter((it) => values.only.includes(it));
for (const name of rows) {
  await attempt(name, async () => {
    const { row, measure } = await import(`./rows/${name}.js`);
    const result = { row, answers: await measure(world) };
    results.push(result);
    console.log(linesOf(result).join("\n"));
  });
}
if (values.only.includes(ACCOUNT)) {
  await attempt(ACCOUNT, async () => {
    const lines = await accountOf(world);
    console.log(lines.join("\n"));
    if (values.record) write("docs/bench.md", ACCOUNT, lines);
  });
}

if (values.record && rows.length > 0) {
  if (results.length < ROWS.length) throw new Error("Only all rows together are recorded.");
  const { Node, Chromium } = world.versions;
  const { devDependencies } = JSON.parse(readFileSync(join(world.folder, "package.json"), "utf8"));
  const sources = measured.map((file) => readFileSync(join(world.folder, `peers/${file}.js`), "utf8"));
  const isMeasured = ([name]) => sources.some((source) => source.includes(` from "${name}"`));
  const peers = Object.entries(devDependencies)
    .filter(isMeasured)
    .map(([name, version]) => `${name} ${version.replace(/^npm:.+@/, "")}`);
  const [browser] = Chromium.split(".");
  const machine = `${availableParallelism()} cores, ${process.platform}, Node ${Node}, Chromium ${browser}`;
  write("docs/bench.md", "bench", [...tableOf(results), "", `Measured with ${machine};`, `${peers.join(", ")}.`]);
  const figures = (name) => results.find(({ row }) => row.name === name).answers[0].figures;
  writeFileSync(join(REPOSITORY, "docs/bench.svg"), chartOf(figures("size"), figures("create")));
}
