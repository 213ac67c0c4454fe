// Runs what the guarantees are about on the clients that people use:
//   node xtask/peers/run.js --pkg DIR --tools DIR --wasm DIR [--platform node|chromium] [--row NAME…] [--record] [CLIENT…]
//   --pkg DIR        where the packed package is installed
//   --tools DIR      where xtask/bench/package-lock.json is installed
//   --wasm DIR       what wasm-bindgen made of the peers that are Rust
//   --platform NAME  only there
//   --row NAME       only this row; may be repeated
//   --record         write the tables into the docs; only where all were measured
//   CLIENT           only these, such as axios
import { parseArgs } from "node:util";
import { makeProject } from "../bench/project.js";
import { CLIENTS, clientCalled, OWN } from "./clients.js";
import { measureAll } from "./measure.js";
import { linesOf, record } from "./report.js";
import { ROWS } from "./rows.js";
import { versionsOf } from "./versions.js";

const text = { type: "string" };
const several = { ...text, multiple: true };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { pkg: text, tools: text, wasm: text, platform: several, row: several, record: { type: "boolean" } },
});
const isWhole = positionals.length === 0 && !values.platform && !values.row;
if (values.record && !isWhole) throw new Error("Only all clients and rows together are recorded.");

const clients = positionals.length ? positionals.map(clientCalled) : CLIENTS;
const rows = values.row ? ROWS.filter(({ name }) => values.row.includes(name)) : ROWS;
const platforms = values.platform ?? ["node", "chromium"];
const folder = makeProject(values);

const { cells, chromium, problems } = await measureAll({ folder, clients, rows, platforms });
const measured = { clients, rows, platforms, cells, versions: versionsOf(folder, clients, chromium) };
console.log(linesOf(measured, positionals.length > 0).join("\n"));

const wrong = rows.flatMap((row) =>
  platforms
    .filter((platform) => row.promised && cells.get(row)?.get(platform)?.has(OWN))
    .map((platform) => [
      row,
      platform,
      cells.get(row).get(platform).get(OWN).cell,
      row.promised[platform] ?? row.promised,
    ])
    .filter(([, , cell, promised]) => cell !== promised),
);
for (const [row, platform, cell, promised] of wrong)
  problems.push(`This package, on ${platform}, ${row.name}: it should be ${promised}, but is ${cell}`);
for (const problem of problems) console.error(`FAILED ${problem}`);
if (values.record && problems.length === 0) record(measured);
process.exit(problems.length ? 1 : 0);
