// Loaded into every process of a run of tests/guarantees. Where the tests are, it picks those of a plan, quickest first,
// or records how long each takes and which faults it reaches.
import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const { NPK_CONFIG: config, NPK_FAULTS_PLAN: plan, NPK_FAULTS_RECORD: record } = process.env;
/** More than there are faults. */
const MOST = 1 << 16;
const recorder = { reached: new Uint8Array(MOST) };

/** Puts the tests of the plan into the suite that runs first, in the plan's order. */
function pick(suite, wanted) {
  const found = new Map();
  const look = (within) => {
    for (const test of within.tests) found.set(test.fullTitle(), test);
    within.suites.forEach(look);
  };
  look(suite);
  suite.suites = [];
  suite.tests = wanted.map(({ title, limit }) => {
    const test = found.get(title);
    test.timeout(limit);
    return test;
  });
}

/** Writes down each test: what it is called, how long it took, and the faults that it reached. */
function watch(runner, path) {
  // Workers and children write here.
  const elsewhere = process.env.NPK_FAULTS_REACHED;
  const [suite] = JSON.parse(config).suites;
  const take = (more) => {
    const lines = existsSync(elsewhere) ? readFileSync(elsewhere, "utf8").split("\n").filter(Boolean) : [];
    const here = [...recorder.reached.entries()].filter(([, isReached]) => isReached).map(([id]) => `${id}`);
    const reached = [...new Set([...here, ...lines])];
    rmSync(elsewhere, { force: true });
    recorder.reached.fill(0);
    appendFileSync(path, `${JSON.stringify({ suite, ...more, reached })}\n`);
  };
  let start;
  // What the import reached.
  runner.once("start", () => take({}));
  runner.on("test", () => {
    start = performance.now();
  });
  runner.on("test end", (test) => {
    take({ title: test.fullTitle(), passed: test.state === "passed", ms: Math.ceil(performance.now() - start) });
  });
}

if (isMainThread && config && process.argv[1]?.endsWith("guarantees/node.js")) {
  if (record) {
    process.env.NPK_FAULTS_REACHED = `${record}.${process.pid}`;
    globalThis[Symbol.for("node-provider-keys.faults")] = recorder;
  }
  const { default: Mocha } = await import("mocha");
  const { run } = Mocha.prototype;
  Mocha.prototype.run = function (done) {
    if (plan) pick(this.suite, JSON.parse(readFileSync(plan, "utf8")));
    const runner = run.call(this, done);
    if (record) watch(runner, record);
    return runner;
  };
}
