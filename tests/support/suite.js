// Runs the `*.test.js` of one folder in mocha, most against the installed package.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Mocha from "mocha";
import { choosePackage } from "./consumer.js";

/**
 * Reads the command line, runs the tests, prints `N passed, N failed` last and ends the process.
 * @param {string} folder where the tests are
 * @param {{ options?: object, needsPackage?: boolean, before?: (values: object) => unknown, after?: () => unknown }} [more]
 *   `options` beside --pkg and --grep, as `parseArgs` takes them; `needsPackage` unless they look at sources alone;
 *   `before` and `after` the tests
 */
export async function runFolder(
  folder,
  { options = {}, needsPackage = true, before = () => {}, after = () => {} } = {},
) {
  let passed = 0;
  let failed = 0;
  const failing = async (work) => {
    try {
      await work();
    } catch (error) {
      failed += 1;
      console.error(error.message);
    }
  };
  await failing(async () => {
    const { values } = parseArgs({ options: { pkg: { type: "string" }, grep: { type: "string" }, ...options } });
    if (needsPackage) choosePackage(values.pkg);
    const mocha = new Mocha({ timeout: 120_000, slow: Infinity, ...(values.grep ? { fgrep: values.grep } : {}) });
    for (const name of readdirSync(folder).sort()) if (name.endsWith(".test.js")) mocha.addFile(join(folder, name));
    await before(values);
    await mocha.loadFilesAsync();
    const { passes, failures, pending } = await new Promise((done) => {
      const runner = mocha.run(() => done(runner.stats));
    });
    passed += passes;
    // A test that did not run has shown nothing.
    failed += failures + pending;
  });
  await failing(after);
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}
