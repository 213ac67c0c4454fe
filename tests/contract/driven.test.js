// Schemathesis drives the service by the description.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "chai";
import { run } from "../support/consumer.js";
import { PATH } from "./description.js";
import { TOKEN, examples, program, scratch, withService } from "./world.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** Of the requests of a run about so many come for each that an operation is to have. */
const SHARE = 9;
/** A run that is this short is the same each time. */
const SAME_EACH_TIME = 1_000;
/** Only for a hang. */
const LIMIT = 3_600_000;

const drive = (url, report) =>
  run(
    program("schemathesis"),
    [
      "run", PATH, "--url", url, "--checks", "all", "--no-color",
      "--max-examples", String(Math.ceil(examples() / SHARE)),
      ...(examples() < SAME_EACH_TIME ? ["--seed", "1"] : []),
      "--report", "json", "--report-json-path", report,
    ],
    { cwd: HERE, env: { CONTRACT_TOKEN: TOKEN, HYPOTHESIS_STORAGE_DIRECTORY: scratch() }, limit: LIMIT },
  );

describe("The service", function drives() {
  this.timeout(LIMIT);

  it("does what the description says, whatever it is asked", async () => {
    const report = join(scratch(), "schemathesis.json");
    // A service of its own: hooks.py keeps account of its keys.
    const { code, output, errors } = await withService({}, ({ url }) => drive(url, report));
    console.log(output.slice(output.indexOf("Test cases:")));
    assert.equal(code, 0, output + errors);
    const told = JSON.parse(readFileSync(report, "utf8"));
    const { complete, operations, phases, test_cases: cases, failures, valid_rates: rates } = told;
    assert.isTrue(complete);
    assert.deepInclude(operations, { total: 3, tested: 3 });
    assert.deepEqual(Object.values(phases).map(({ status }) => status), Array(4).fill("success"));
    assert.isAtLeast(cases.generated, examples());
    // A caller whom nobody knows, or a key that does not exist, would have shown little.
    for (const [label, phase] of Object.entries(rates).filter(([name]) => !name.startsWith("DELETE"))) {
      for (const { accepted } of Object.values(phase)) assert.isAbove(accepted, 0, label);
    }
    assert.deepEqual([failures, cases.with_failures, cases.errored], [[], 0, 0]);
  });
});
