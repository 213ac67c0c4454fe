// Tries one fault: the tests that reach it, those first that are quick and find much, up to the first that finds it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runGuarantees, runScripts, withFolder } from "./candidates.js";
import { CAUGHT, LEFT, MISSED, TIMEOUT } from "./outcomes.js";

/** Milliseconds of guarantees for one fault, as they were recorded: what all reach would run for minutes. */
const BUDGET = 20_000;
/** Tests that go one way through the scripts, before one that goes another. */
const ALIKE = 3;
/** How long a test may take with a fault in it, which may make it wait for ever. */
const patience = (ms) => 5 * ms + 4000;
/** Milliseconds in which a process starts, beside its tests. */
const START = 10_000;

/** A process that is still there after its time was ended, and has no exit code. */
const summaryOf = (code) => (code === null ? TIMEOUT : CAUGHT);

/** Tries a fault on the scripts in `tree`, by the files of their tests as they were recorded. */
export function byScripts(tree, recorded, hasPassed) {
  /** Of each file: how many faults of a script it was asked for, and how many it found. */
  const known = new Map();
  const knownOf = ({ file }, fault) => {
    const name = `${file} ${fault.file}`;
    if (!known.has(name)) known.set(name, { asked: 0, found: 0 });
    return known.get(name);
  };
  /** What a file takes for each fault that it finds, as far as one can tell. */
  const price = (one, fault) => {
    const { asked, found } = knownOf(one, fault);
    return (one.ms * (asked + 2)) / (found + 1);
  };

  return async (fault) => {
    const passed = [];
    const files = recorded.filter(({ reached }) => reached.includes(fault.id));
    for (const one of files.sort((a, b) => price(a, fault) - price(b, fault))) {
      const name = `tests/scripts/${one.file}`;
      passed.push(name);
      if (hasPassed(fault, name)) continue;
      const limit = START + patience(one.ms);
      const { code } = await runScripts(tree, one.file, { env: { NPK_FAULT: fault.id }, limit });
      const so = knownOf(one, fault);
      so.asked += 1;
      if (code === 0) continue;
      so.found += 1;
      return { summary: summaryOf(code), by: name };
    }
    return { summary: LEFT, passed };
  };
}

/** Tries a fault of `faults` on the package in `consumer`, by guarantees as they were recorded. */
export function byGuarantees(consumer, recorded, faults) {
  const reaching = new Map(recorded.tests.map((test) => [test, new Set(test.reached)]));
  const imported = new Set(recorded.imported);
  /** Whether a guarantee passes alone and without a fault: only then can it find one. */
  const isSound = new Map();

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

  /** The tests that reach one of the faults, the quickest first; later those of which many are alike. */
  function reachingOne(ids) {
    const alike = new Map();
    const ranked = recorded.tests
      .filter((test) => ids.some((id) => reaching.get(test).has(id)))
      .sort((one, other) => one.ms - other.ms)
      .map((test) => {
        const path = `${test.suite} ${test.reached}`;
        alike.set(path, (alike.get(path) ?? 0) + 1);
        return { test, isLate: alike.get(path) > ALIKE };
      });
    return ranked.sort((one, other) => one.isLate - other.isLate).map(({ test }) => test);
  }

  /** The guarantees that may see a fault; where it was reached at the import, also those that use its script. */
  function testsFor({ id, file }) {
    const own = reachingOne([id]);
    const beside = imported.has(id) ? faults.filter((one) => one.file === file).map((one) => one.id) : [];
    const tests = [...own, ...reachingOne(beside).filter((test) => !own.includes(test))];
    let sum = 0;
    return tests.filter(({ ms }, at) => {
      sum += ms;
      return at === 0 || sum <= BUDGET;
    });
  }

  return async (fault) => {
    let left = testsFor(fault);
    while (left.length > 0) {
      const { code, title } = await runTests(left, fault.id);
      if (code === 0) break;
      const test = left.find((one) => one.title === title);
      if (!test) {
        // It ended before a test could say so, or never.
        const again = await runTests(left, fault.id);
        if (again.code === 0) break;
        return { summary: summaryOf(again.code), by: `tests/guarantees/${left[0].suite}.js`, test: title };
      }
      // A busy machine fails a test at times: that has found nothing.
      if ((await runTests([test], fault.id)).code !== 0 && (await passesAlone(test)))
        return { summary: CAUGHT, by: `tests/guarantees/${test.suite}.js`, test: title };
      left = left.filter((one) => one !== test);
    }
    return { summary: MISSED };
  };
}
