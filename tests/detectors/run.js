// Plants a fault for each guarantee into the package, and expects its tests to find it:
//   node tests/detectors/run.js --pkg DIR --trap-pkg DIR [--grep TEXT]
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { run } from "../support/consumer.js";
import { runMain } from "../support/main.js";
import { locate } from "../support/places.js";
import { FAULTS } from "./faults.js";

const USAGE = `node tests/detectors/run.js --pkg DIR --trap-pkg DIR [--grep TEXT]
  --pkg DIR       a folder in which the packed package is installed (DIR/node_modules/node-provider-keys)
  --trap-pkg DIR  the same, of a package built with the feature "trap"
  --service BIN   accepted and not used
  --grep TEXT     only the faults whose guarantees have it in their names`;
const GUARANTEES = fileURLToPath(new URL("../guarantees/run.js", import.meta.url));
/** Faults at a time: most of the time tests wait. */
const AT_ONCE = 4;
/** Milliseconds for the tests of one guarantee: they end at the first that fails. */
const PATIENCE = 300_000;

/** Puts a copy of the package, with the fault in it, into `folder`. */
function plant({ file, find, put }, { packageFolder, entry }, folder) {
  const copy = join(folder, "node_modules/node-provider-keys");
  cpSync(packageFolder, copy, { recursive: true });
  const path = join(copy, file ?? entry.slice(packageFolder.length));
  const text = readFileSync(path, "utf8");
  const count = text.split(find).length - 1;
  if (count !== 1) throw new Error(`the package has the place of this fault ${count} times: ${find}`);
  writeFileSync(
    path,
    text.replace(find, () => put),
  );
}

/** What is wrong where the tests of the fault's guarantee run on it; undefined where they find it. */
async function miss(fault, tested, trap) {
  const folder = mkdtempSync(join(tmpdir(), "npk-detectors-"));
  try {
    plant(fault, tested, folder);
    const args = [GUARANTEES, "--pkg", folder, "--trap-pkg", trap, "--grep", fault.suite, "--bail"];
    const { code, output, errors } = await run(process.execPath, args, { limit: PATIENCE });
    if (code === 0) return `they pass: ${output.trim()}`;
    // A run that broke down has found nothing.
    return output.includes(`FAILED ${fault.suite}`) ? undefined : `they did not run: ${output}${errors}`;
  } catch (error) {
    return error.message;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the tests of the guarantees with a number are called; 0 are the detectors themselves. */
function guarantees() {
  const folder = new URL("../guarantees/", import.meta.url);
  const texts = readdirSync(folder)
    .filter((name) => /^\d\d-/.test(name))
    .map((name) => readFileSync(new URL(name, folder), "utf8"));
  return texts.flatMap((text) => /^describe\("([1-9]\d*\. [^"]+)"/m.exec(text)?.[1] ?? []);
}

async function main() {
  const text = { type: "string" };
  const { values } = parseArgs({
    options: { pkg: text, "trap-pkg": text, service: text, grep: { ...text, default: "" }, help: { type: "boolean" } },
  });
  if (values.help) return console.log(USAGE);
  if (!values.pkg || !values["trap-pkg"]) throw new Error(USAGE);
  const tested = locate(values.pkg, false);
  const isWanted = (suite) => suite.includes(values.grep);
  const left = FAULTS.filter(({ suite }) => isWanted(suite));
  const counts = { passed: 0, failed: 0 };
  const next = async () => {
    for (let fault = left.shift(); fault; fault = left.shift()) {
      const wrong = await miss(fault, tested, values["trap-pkg"]);
      counts[wrong === undefined ? "passed" : "failed"] += 1;
      if (wrong === undefined) console.log(`found   ${fault.suite}: ${fault.what}`);
      else console.log(`FAILED ${fault.suite}: ${fault.what}\n    ${wrong.replaceAll("\n", "\n    ")}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  for (const suite of guarantees().filter(isWanted)) {
    if (FAULTS.some((fault) => fault.suite === suite)) continue;
    counts.failed += 1;
    console.log(`FAILED ${suite}: no fault is planted for it`);
  }
  return counts;
}

await runMain(main);
