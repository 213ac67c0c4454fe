// Tries every fault of a copy of the scripts: see USAGE.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { record } from "./candidates.js";
import { dependencies, outcomesIn } from "./outcomes.js";
import { trierOf } from "./try.js";

const USAGE = `node xtask/mutants/run.js --tree DIR --pkg DIR [--kept FOLDER] [--only REGEX] [--shard K/N]
  --tree DIR     what instrument.js made
  --pkg DIR      a folder in which the package made of it is installed, with the feature "trap"
  --kept FOLDER  where outcomes are kept from run to run, and where report.json is written
  --only REGEX   only faults whose names match
  --shard K/N    only every Nth fault, beginning with the Kth from 0`;
/** Faults at a time. */
const AT_ONCE = 2;
/** Faults after which a line says how far it is. */
const STEP = 50;

/** What the tests reach, recorded anew once anything changed. */
async function recordedIn(path, all, tree, consumer) {
  const kept = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  if (kept.all === all) return kept.recorded;
  console.log("recording which tests reach which fault (3 minutes)");
  const recorded = await record(tree, consumer);
  writeFileSync(path, JSON.stringify({ all, recorded }));
  return recorded;
}

async function main() {
  const text = { type: "string" };
  const { values } = parseArgs({
    options: { tree: text, pkg: text, kept: text, only: { ...text, default: "" }, shard: { ...text, default: "0/1" } },
  });
  if (!values.tree || !values.pkg || !values.kept) throw new Error(USAGE);
  const all = JSON.parse(readFileSync(join(values.tree, "faults.json"), "utf8"));
  const [first, every] = values.shard.split("/").map(Number);
  const only = new RegExp(values.only);
  const faults = all.filter(({ name }) => only.test(name)).filter((_, at) => at % every === first);
  // Before anything else: tests may be written while this runs.
  const current = dependencies();
  const recorded = await recordedIn(join(values.kept, "recorded.json"), current.all, values.tree, values.pkg);
  const outcomes = outcomesIn(join(values.kept, "outcomes.jsonl"), current);
  const tryFault = trierOf({ tree: values.tree, consumer: values.pkg, recorded });

  const ended = new Map();
  for (const fault of faults) if (outcomes.of(fault)) ended.set(fault, outcomes.of(fault));
  const left = faults.filter((fault) => !ended.has(fault));
  console.log(`${faults.length} faults, ${ended.size} of them tried before`);
  const next = async () => {
    for (let fault = left.shift(); fault; fault = left.shift()) {
      const outcome = await tryFault(fault, all);
      outcomes.keep(fault, outcome);
      ended.set(fault, outcome);
      if (outcome.summary === "MissedMutant") console.log(`missed by all of ${outcome.reaching}: ${fault.name}`);
      if (ended.size % STEP === 0) console.log(`${ended.size} of ${faults.length}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  // As cargo-mutants writes it.
  const told = faults.map((fault) => {
    return { scenario: { Mutant: { name: fault.name } }, summary: ended.get(fault).summary };
  });
  writeFileSync(join(values.kept, "report.json"), JSON.stringify({ outcomes: told }));
}

await main();
