// Tests the package's scripts one by one, without the module: node tests/scripts/run.js [--grep TEXT]
import { readdirSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runMain } from "../support/main.js";

const folder = fileURLToPath(new URL(".", import.meta.url));

await runMain(async () => {
  const { values } = parseArgs({ options: { grep: { type: "string" } } });
  const names = readdirSync(folder).filter((name) => name.endsWith(".test.js"));
  const files = names.sort().map((name) => folder + name);
  const counts = { passed: 0, failed: 0 };
  const count = (result) => (event) => {
    if (event.details.type === "suite" || (values.grep !== undefined && event.skip !== undefined)) return;
    // A test that did not run has shown nothing.
    counts[event.skip === undefined && event.todo === undefined ? result : "failed"] += 1;
  };
  // A word as it stands, not a pattern.
  const word = values.grep?.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const more = word === undefined ? {} : { testNamePatterns: new RegExp(word) };
  const events = run({ files, concurrency: 2, ...more });
  events.on("test:pass", count("passed")).on("test:fail", count("failed"));
  for await (const text of events.compose(new spec())) process.stdout.write(text);
  return counts;
});
