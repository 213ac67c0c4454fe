// The tests that can see a fault: files of tests/scripts, and guarantees on Node. Each is recorded once, without a fault.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { REPOSITORY, run } from "../../tests/support/consumer.js";

const IN_SCRIPTS = new URL("in-scripts.js", import.meta.url).href;
const IN_GUARANTEES = new URL("in-guarantees.js", import.meta.url).href;
const GUARANTEES = join(REPOSITORY, "tests/guarantees/run.js");
/** Files with guarantees at a time while they are recorded: most of the time they wait. */
const AT_ONCE = 4;
/** Milliseconds for a recording. */
const PATIENCE = 900_000;

const folders = new Set();
const remove = (folder) => rmSync(folder, { recursive: true, force: true });
// A run may be stopped at any time.
process.once("exit", () => folders.forEach(remove));

/** A folder that is gone after `use`. */
export async function withFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), "npk-mutants-"));
  folders.add(folder);
  try {
    return await use(folder);
  } finally {
    folders.delete(folder);
    remove(folder);
  }
}

/** Runs a file of the scripts' tests. */
export function runScripts(tree, file, { env, limit }) {
  const written = pathToFileURL(join(REPOSITORY, "pkg-template/")).href;
  return run(process.execPath, ["--import", IN_SCRIPTS, join(tree, "tests/scripts", file)], {
    cwd: tree,
    env: { NPK_WRITTEN: written, ...env },
    limit,
  });
}

/** Runs guarantees on a package; with a plan those in it alone, up to the first that fails. */
export function runGuarantees(consumer, args, { env, limit }) {
  return run(process.execPath, [GUARANTEES, "--pkg", consumer, "--trap-pkg", consumer, ...args], {
    cwd: REPOSITORY,
    env: { NODE_OPTIONS: `--import=${IN_GUARANTEES}`, ...env },
    limit,
  });
}

/** The files of the scripts' tests. */
export const scriptTests = (tree) =>
  readdirSync(join(tree, "tests/scripts")).filter((name) => name.endsWith(".test.js"));

/** A file of them: how long it takes, and the faults that it reaches. */
export const recordScripts = (tree, file) =>
  withFolder(async (folder) => {
    const reached = join(folder, "reached");
    writeFileSync(reached, "");
    const start = performance.now();
    const { code, output } = await runScripts(tree, file, { env: { NPK_FAULTS_REACHED: reached }, limit: PATIENCE });
    if (code !== 0) throw new Error(`tests/scripts/${file} fails without a fault:\n${output}`);
    const ms = Math.ceil(performance.now() - start);
    return { file, ms, reached: [...new Set(readFileSync(reached, "utf8").split("\n").filter(Boolean))] };
  });

/** Each guarantee, the same. What a suite reaches before its first test, each of its tests may have reached. */
export const recordGuarantees = (consumer) => withFolder((folder) => recordTests(consumer, folder));

async function recordTests(consumer, folder) {
  const record = join(folder, "guarantees");
  const env = { NPK_FAULTS_RECORD: record };
  const { output, errors } = await runGuarantees(consumer, ["--jobs", `${AT_ONCE}`], { env, limit: PATIENCE });
  if (!existsSync(record)) throw new Error(`the guarantees do not run:\n${output}${errors}`);
  const lines = readFileSync(record, "utf8").trim().split("\n").map(JSON.parse);
  const tests = lines.filter(({ title }) => title !== undefined);
  const wrong = tests.filter(({ passed }) => !passed);
  for (const { title } of wrong) console.log(`left out, as it fails on the scripts with switches in them: ${title}`);
  return {
    imported: [...new Set(lines.filter(({ title }) => title === undefined).flatMap(({ reached }) => reached))],
    tests: tests.filter(({ passed }) => passed),
  };
}
