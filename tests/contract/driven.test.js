// Schemathesis drives the service by the description.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "chai";
import { run } from "../support/consumer.js";
import { PATH, operations, problems } from "./description.js";
import { requests } from "./requests.js";
import { TOKEN, examples, program, scratch, withService } from "./world.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** Of the requests of a run about so many come for each that an operation is to have. */
const SHARE = 9;
/** A run that is this short is the same each time. */
const SAME_EACH_TIME = 1_000;
/** Only for a hang. */
const LIMIT = 3_600_000;

/** Every check that there is. Two can find nothing here: no time is promised, and the service has one caller. */
const CHECKS = [
  "allow_header_conformance",
  "content_type_conformance",
  "ensure_resource_availability",
  "ignored_auth",
  "keys_are_those_that_were_made",
  "max_response_time",
  "missing_required_header",
  "negative_data_rejection",
  "not_a_server_error",
  "object_level_authorization",
  "positive_data_acceptance",
  "response_headers_conformance",
  "response_schema_conformance",
  "status_code_conformance",
  "unsupported_method",
  "use_after_free",
];
/** Those that stay away from a request which the description does not have. */
const OF_THE_DESCRIBED = [
  "content_type_conformance",
  "ensure_resource_availability",
  "ignored_auth",
  "negative_data_rejection",
  "positive_data_acceptance",
  "response_headers_conformance",
  "response_schema_conformance",
  "status_code_conformance",
  "use_after_free",
];
/** Such requests, and the statuses of their answers: only a sign-in's content type is looked at. */
const UNDESCRIBED = {
  unspecified_http_method: () => [405],
  unsupported_content_type: (operation) => (operation === "signIn" ? [400] : [200]),
  malformed_content_type: (operation) => (operation === "signIn" ? [400] : [200, 404]),
};
/** What is good once shows nothing when it is asked often. */
const LEFT_OUT = "openDemo";

const drive = (url, folder) =>
  run(
    program("schemathesis"),
    [
      "run",
      PATH,
      "--url",
      url,
      "--checks",
      "all",
      "--exclude-operation-id",
      LEFT_OUT,
      "--no-color",
      "--max-examples",
      String(Math.ceil(examples() / SHARE)),
      ...(examples() < SAME_EACH_TIME ? ["--seed", "1"] : []),
      "--report",
      "json",
      "--report-json-path",
      join(folder, "run.json"),
      "--report",
      "ndjson",
      "--report-ndjson-path",
      join(folder, "requests.ndjson"),
    ],
    { cwd: HERE, env: { CONTRACT_TOKEN: TOKEN, HYPOTHESIS_STORAGE_DIRECTORY: scratch() }, limit: LIMIT },
  );

describe("The service", function drives() {
  this.timeout(LIMIT);

  it("does what the description says, whatever it is asked", async () => {
    // A service of its own: hooks.py keeps account of its keys.
    const { code, output, errors } = await withService({}, ({ url }) => drive(url, scratch()));
    console.log(output.slice(output.indexOf("Test cases:")));
    assert.equal(code, 0, output + errors);
    assert.match(output, /API Links: +(\d+) covered \/ \1 selected \/ \1 total/);
    const told = JSON.parse(readFileSync(join(scratch(), "run.json"), "utf8"));
    const { complete, operations: driven, phases, test_cases: cases, failures, valid_rates: rates } = told;
    assert.isTrue(complete);
    assert.deepInclude(driven, { total: 5, selected: 4, tested: 4, skipped: 0 });
    assert.deepEqual(
      Object.values(phases).map(({ status }) => status),
      Array(4).fill("success"),
    );
    assert.isAtLeast(cases.generated, examples());
    // A caller whom nobody knows, or a key that does not exist, would have shown little.
    for (const [label, phase] of Object.entries(rates).filter(([name]) => !name.startsWith("DELETE"))) {
      for (const { accepted } of Object.values(phase)) assert.isAbove(accepted, 0, label);
    }
    assert.deepEqual([failures, cases.with_failures, cases.errored], [[], 0, 0]);
  });

  // Schemathesis calls the requests that one of its checks makes "skipped": that check alone judges them.
  it("is asked nothing that is left unchecked", async () => {
    const seen = { requests: 0, undescribed: new Set(), ofChecks: [] };
    for await (const { operation, scenario, token, checks, answer } of requests(join(scratch(), "requests.ndjson"))) {
      seen.requests += 1;
      if (checks.length === CHECKS.length) {
        assert.sameMembers(checks, CHECKS);
        continue;
      }
      assert.deepEqual(await problems(operation, answer), [], `${scenario ?? token}, ${operation}`);
      if (checks.length === 0 && operation === "signIn") {
        // A refusal where no token is needed is asked for again with the token, which changes nothing.
        assert.deepEqual([token, answer.status], ["the token", 401]);
      } else if (checks.length === 0) {
        seen.ofChecks.push([operation, token, answer.status]);
      } else {
        assert.sameMembers(
          checks,
          CHECKS.filter((name) => !OF_THE_DESCRIBED.includes(name)),
        );
        assert.include(UNDESCRIBED[scenario](operation), answer.status, scenario);
        seen.undescribed.add(scenario);
      }
    }
    console.log(`figure: ${seen.requests} requests`);
    assert.isAtLeast(seen.requests, examples());
    assert.sameMembers([...seen.undescribed], Object.keys(UNDESCRIBED));
    const withToken = Object.entries(await operations()).filter(([, { security }]) => security === undefined);
    const refused = withToken.flatMap(([operation]) =>
      ["no token", "another token"].map((token) => [operation, token, 401]),
    );
    assert.sameDeepMembers(seen.ofChecks, refused);
  });
});
