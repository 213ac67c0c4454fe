// Uses the packed package in every runtime: node tests/runtimes/run.js --pkg DIR --service BIN --tools DIR [--grep TEXT] [--record]
//   --tools DIR   where the packages of tests/runtimes/package-lock.json are installed
//   --grep TEXT   only the consumers whose names have it
//   --record      write the versions that ran into docs/runtimes.md, if all passed
import { assert } from "chai";
import { runSuite } from "../support/matrix.js";
import browsers from "./browsers.js";
import processes from "./processes.js";
import workerd from "./workerd.js";
import { PROJECT, closeWorld, openWorld } from "./world.js";

function check(result, name) {
  const { file, row, isListed, deleted, again, unauthorised, early, late, instances, version } = result;
  assert.match(version, /^\d+\.|^\d{4}-/);
  const [, major] = /^(?:Node|Jest) (\d+)/.exec(name) ?? [];
  if (major) assert.match(version, new RegExp(`^${major}\\.`));
  assert.equal(instances, 1, "the WebAssembly module is compiled, and once");
  assert.equal(file.type, "application/zip");
  assert.match(file.name, /\.zip$/);
  assert.deepEqual(file.head, [0x50, 0x4b, 3, 4]);
  assert.deepInclude(row, { project: PROJECT, description: "For test" });
  assert.isAbove(row.key, 20);
  assert.isTrue(isListed);
  assert.equal(deleted, "undefined");
  const failure = { isOurs: true, kind: "http", outcome: "rejected" };
  assert.deepInclude(again, { ...failure, status: 404 });
  assert.deepInclude(unauthorised, { ...failure, status: 401 });
  assert.match(unauthorised.errorCode, /^BCS\.03401\d{3}$/);
  assert.isNotEmpty(unauthorised.requestId);
  assert.deepInclude(early, { isOurs: true, kind: "aborted", outcome: "not_sent" });
  assert.deepInclude(late, { isOurs: true, kind: "aborted", outcome: "unknown", isReason: true });
}

// `checks` has who looks at the outcome itself.
const consumers = [...processes, ...workerd, ...browsers].map(({ name, run, checks }) => ({
  name,
  run: async () => {
    const result = await run();
    if (!checks) check(result, name);
    return result;
  },
}));

await runSuite("runtimes", consumers, { open: openWorld, close: closeWorld });
