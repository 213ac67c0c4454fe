// Tries one fault: the tests that reach it, the quickest first, up to the first that finds it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runGuarantees, runScripts, withFolder } from "./candidates.js";

/** Milliseconds of a file of the scripts' tests that runs before the guarantees do. */
const QUICK = 5000;
/** Milliseconds of guarantees for one fault, as they were recorded: what all reach would run for minutes. */
const BUDGET = 20_000;
/** How long a test may take with a fault in it, which may make it wait for ever. */
const patience = (ms) => 5 * ms + 4000;
/** Tests that go one way through the scripts, before one that goes another. */
const ALIKE = 3;
/** Milliseconds in which a process starts, beside its tests. */
const START = 10_000;

const byTime = (one, other) => one.ms - other.ms;

/** Tries faults on the scripts in `tree` and the package in `consumer`, by the tests that were recorded. */
export function trierOf({ tree, consumer, recorded }) {
  const { scripts, guarantees } = recorded;
  const reaching = new Map(guarantees.tests.map((test) => [test, new Set(test.reached)]));
  const imported = new Set(guarantees.imported);
  /** Whether a guarantee passes alone and without a fault: only then can it find one. */
  const isSound = new Map();

  /** How a file of the scripts' tests ends with a fault. */
  async function tryScripts({ id }, { file, ms }) {
    const { code } = await runScripts(tree, file, { env: { NPK_FAULT: id }, limit: START + patience(ms) });
    if (code === 0) return undefined;
    return { summary: code === null ? "Timeout" : "CaughtMutant", by: `tests/scripts/${file}` };
  }

  /** Runs guarantees; the title of the first that fails, and how the run ended. */
  const runTests = (tests, id) =>
    withFolder(async (folder) => {
      const plan = join(folder, "plan.json");
      const chosen = tests.map(({ title, ms }) => ({ title, limit: patience(ms) }));
      writeFileSync(plan, JSON.stringify(chosen));
      const env = { NPK_FAULTS_PLAN: plan, NPK_FAULT: id };
      const limit = START + patience(tests.reduce((sum, { ms }) => sum + ms, 0));
      const { code, output } = await runGuarantees(consumer, ["--bail"], { env, limit });
      return { code, title: /^FAILED (.*)$/m.exec(output)?.[1] };
    });

  async function passesAlone(test) {
    if (!isSound.has(test)) isSound.set(test, (await runTests([test], "")).code === 0);
    return isSound.get(test);
  }

  /** How guarantees end with a fault. */
  async function tryGuarantees({ id }, tests) {
    let left = tests;
    while (left.length > 0) {
      const { code, title } = await runTests(left, id);
      if (code === 0) return undefined;
      const test = left.find((one) => one.title === title);
      if (!test) {
        // It ended before a test could say so, or never.
        const again = await runTests(left, id);
        if (again.code === 0) return undefined;
        const by = `tests/guarantees/${left[0].suite}.js`;
        return { summary: again.code === null ? "Timeout" : "CaughtMutant", by, test: title ?? "the runner" };
      }
      // A busy machine fails a test at times: that has found nothing.
      if ((await runTests([test], id)).code !== 0 && (await passesAlone(test)))
        return { summary: "CaughtMutant", by: `tests/guarantees/${test.suite}.js`, test: title };
      left = left.filter((one) => one !== test);
    }
    return undefined;
  }

  /** The tests among them that reach one of the faults, the quickest first; later those of which many are alike. */
  function reachingOne(tests, ids) {
    const alike = new Map();
    const ranked = tests
      .filter((test) => ids.some((id) => reaching.get(test).has(id)))
      .sort(byTime)
      .map((test) => {
        const path = `${test.suite} ${test.reached}`;
        alike.set(path, (alike.get(path) ?? 0) + 1);
        return { test, isLate: alike.get(path) > ALIKE };
      });
    return ranked.sort((one, other) => one.isLate - other.isLate).map(({ test }) => test);
  }

  /** The guarantees that may see a fault; where it was reached at the import, also those that use its script. */
  function guaranteesFor({ id, file }, faults) {
    const own = reachingOne(guarantees.tests, [id]);
    const beside = imported.has(id) ? faults.filter((one) => one.file === file).map((one) => one.id) : [];
    const tests = [...own, ...reachingOne(guarantees.tests, beside).filter((test) => !own.includes(test))];
    let sum = 0;
    return tests.filter(({ ms }, at) => {
      sum += ms;
      return at === 0 || sum <= BUDGET;
    });
  }

  /** What becomes of a fault. */
  return async function tryFault(fault, faults) {
    const files = scripts.filter(({ reached }) => reached.includes(fault.id)).sort(byTime);
    const tests = guaranteesFor(fault, faults);
    const isQuick = ({ ms }) => ms <= QUICK;
    for (const file of files.filter(isQuick)) {
      const found = await tryScripts(fault, file);
      if (found) return found;
    }
    const found = await tryGuarantees(fault, tests);
    if (found) return found;
    for (const file of files.filter((one) => !isQuick(one))) {
      const late = await tryScripts(fault, file);
      if (late) return late;
    }
    return { summary: "MissedMutant", reaching: files.length + tests.length };
  };
}
