// Uses the packed package in every runtime: node tests/runtimes/run.js --pkg DIR --service BIN --tools DIR [--only TEXT] [--record]
//   --tools DIR   where the packages of tests/runtimes/package-lock.json are installed
//   --only TEXT   only the consumers whose names have it
//   --record      write the versions that ran into docs/runtimes.md, if all passed
import { parseArgs } from "node:util";
import { assert } from "chai";
import { choosePackage } from "../support/consumer.js";
import { record, runMatrix } from "../support/matrix.js";
import browsers from "./browsers.js";
import processes from "./processes.js";
import workerd from "./workerd.js";
import { PROJECT, closeWorld, openWorld } from "./world.js";

function check(result, name) {
  const { file, row, deleted, again, unauthorised, early, late, instances, version } = result;
  assert.match(version, /^\d+\.|^\d{4}-/);
  const [, major] = /^(?:Node|Jest) (\d+)/.exec(name) ?? [];
  if (major) assert.match(version, new RegExp(`^${major}\\.`));
  assert.equal(instances, 1, "the WebAssembly module is compiled, and once");
  assert.equal(file.type, "application/zip");
  assert.match(file.name, /\.zip$/);
  assert.deepEqual(file.head, [0x50, 0x4b, 3, 4]);
  assert.deepInclude(row, { project: PROJECT, description: "For test" });
  assert.isAbove(row.key, 20);
  assert.equal(deleted, "undefined");
  const failure = { isOurs: true, kind: "http", outcome: "rejected" };
  assert.deepInclude(again, { ...failure, status: 404 });
  assert.deepInclude(unauthorised, { ...failure, status: 401 });
  assert.match(unauthorised.errorCode, /^BCS\.03401\d{3}$/);
  assert.isNotEmpty(unauthorised.requestId);
  assert.deepInclude(early, { isOurs: true, kind: "aborted", outcome: "not_sent" });
  assert.deepInclude(late, { isOurs: true, kind: "aborted", outcome: "unknown", isReason: true });
}

let passed = 0;
let failed = 0;
try {
  const { values } = parseArgs({
    options: {
      pkg: { type: "string" }, service: { type: "string" }, tools: { type: "string", default: "tests/runtimes" },
      only: { type: "string", default: "" }, record: { type: "boolean", default: false },
    },
  });
  choosePackage(values.pkg);
  await openWorld(values);
  const consumers = [...processes, ...workerd, ...browsers].filter(({ name }) => name.includes(values.only));
  const result = await runMatrix(consumers, check);
  passed = result.rows.length;
  failed = result.failed;
  if (values.record && failed === 0 && values.only === "") record("runtimes", result.rows);
} catch (error) {
  failed += 1;
  console.error(error.message);
}
try {
  await closeWorld();
} catch (error) {
  failed += 1;
  console.error(error.message);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
