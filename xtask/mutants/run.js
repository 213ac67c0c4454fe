// Tries every fault of a copy of the scripts: see USAGE.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { recordGuarantees, recordScripts, scriptTests } from "./candidates.js";
import { dependencies, LEFT, MISSED, outcomesIn, recordedIn } from "./outcomes.js";
import { byGuarantees, byScripts } from "./try.js";

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

/** Tries the faults that have no end yet, some at a time, and keeps what became of each. */
async function tryAll(faults, outcomes, tryFault) {
  const left = [...faults];
  const next = async () => {
    for (let fault = left.shift(); fault; fault = left.shift()) {
      const outcome = await tryFault(fault);
      outcomes.keep(fault, outcome);
      if (outcome.summary === MISSED) console.log(`missed: ${fault.name}`);
      if (left.length % STEP === 0) console.log(`${left.length} of ${faults.length} are left`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
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
  const { tree, pkg, kept } = values;
  // Before anything else: tests may be written while this runs.
  const current = dependencies();
  const outcomes = outcomesIn(join(kept, "outcomes.jsonl"), current);
  const untried = faults.filter((fault) => !outcomes.of(fault));
  console.log(`${faults.length} faults, ${faults.length - untried.length} of them tried before`);
  if (untried.length > 0) {
    console.log("the tests of the scripts, first without a fault");
    const recorded = [];
    for (const file of scriptTests(tree)) {
      const basis = current.of(`tests/scripts/${file}`);
      recorded.push(await recordedIn(join(kept, `${file}.json`), basis, () => recordScripts(tree, file)));
    }
    await tryAll(untried, outcomes, byScripts(tree, recorded, outcomes.hasPassed));
  }
  const left = faults.filter((fault) => outcomes.of(fault).summary === LEFT);
  if (left.length > 0) {
    console.log(`the guarantees for ${left.length} that are left, first without a fault`);
    const recorded = await recordedIn(join(kept, "guarantees.json"), current.all, () => recordGuarantees(pkg));
    await tryAll(left, outcomes, byGuarantees(pkg, recorded, all));
  }
  // As cargo-mutants writes it.
  const told = faults.map((fault) => {
    return { scenario: { Mutant: { name: fault.name } }, summary: outcomes.of(fault).summary };
  });
  writeFileSync(join(kept, "report.json"), JSON.stringify({ outcomes: told }));
}

await main();
