// Runs the page's tests in a real browser: node tests/page/run.js --service BIN [--pkg DIR] [--browser NAME] [--grep TEXT] [--jobs N] [--looks]
//
// With --jobs each file runs in a process of its own, N at a time; without it, all in one.
// With --looks every state is seen, and kept in target/screenshots, in every width and colour scheme.
import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import Mocha from "mocha";
import { within } from "../support/processes.js";
import { runApart } from "./jobs.js";
import { REPOSITORY, closeWorld, openWorld, renewBrowser, world } from "./world.js";

const { values } = parseArgs({
  options: {
    service: { type: "string" },
    pkg: { type: "string" },
    browser: { type: "string", default: "chromium" },
    grep: { type: "string" },
    file: { type: "string" },
    jobs: { type: "string", default: "0" },
    looks: { type: "boolean", default: false },
  },
});
if (!values.service) {
  console.error("Say where the service's program is: --service BIN");
  process.exit(2);
}

const self = fileURLToPath(import.meta.url);
const here = dirname(self);
const files = values.file
  ? [values.file]
  : readdirSync(here)
      .filter((name) => name.endsWith(".test.js"))
      .sort()
      .map((name) => join(here, name));

async function runHere() {
  const mocha = new Mocha({
    timeout: values.looks ? 300_000 : 90_000,
    slow: Infinity,
    ...(values.grep ? { fgrep: values.grep } : {}),
  });
  for (const file of files) mocha.addFile(file);
  const totals = { passed: 0, failed: 0 };
  try {
    await openWorld({
      pkg: values.pkg ? resolve(values.pkg, "node_modules/node-provider-keys") : join(REPOSITORY, "pkg"),
      service: resolve(values.service),
      browser: values.browser,
      everyLook: values.looks,
    });
    console.log(`The page in ${values.browser} ${world.browser.version}`);
    await mocha.loadFilesAsync();
    // A long session of WebKitGTK's stalls.
    if (values.browser === "webkit") for (const suite of mocha.suite.suites.slice(1)) suite.beforeAll(renewBrowser);
    const { passes, failures, pending } = await new Promise((done) => {
      const runner = mocha.run(() => done(runner.stats));
    });
    totals.passed = passes;
    // A test that did not run has shown nothing.
    totals.failed += failures + pending;
  } catch (error) {
    totals.failed += 1;
    console.error(error.message);
  }
  try {
    await within(60_000, "closing browser and service", closeWorld());
  } catch (error) {
    totals.failed += 1;
    console.error(error.message);
  }
  return totals;
}

const jobs = Number(values.jobs);
const { passed, failed } = jobs > 0 ? await runApart(self, process.argv.slice(2), files, jobs) : await runHere();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
