// Runs the files of page tests in processes of their own, each with a browser and a service.
import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { text } from "node:stream/consumers";

const COUNTS = /^(\d+) passed, (\d+) failed$/m;

/** Runs one file by `run.js`, prints what it printed but the counts, and gives these. */
async function runFile(run, args, file) {
  // In the group of this process, so that a signal to both lets it end its browser.
  const child = spawn(process.execPath, [run, ...args, "--jobs", "0", "--file", file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const printed = await text(child.stdout);
  console.log(printed.replace(COUNTS, "").trim());
  // A file that ended before it counted has failed.
  const [, passed, failed] = COUNTS.exec(printed) ?? ["", 0, 1];
  return { passed: Number(passed), failed: Number(failed) };
}

/**
 * Runs `files`, so many at a time, the longest first.
 * @param {string} run the path of `run.js`
 * @param {string[]} args what it is given besides
 * @param {string[]} files
 * @param {number} jobs
 */
export async function runApart(run, args, files, jobs) {
  const waiting = files.toSorted((one, other) => statSync(other).size - statSync(one).size);
  const totals = { passed: 0, failed: 0 };
  const runNext = async () => {
    while (waiting.length > 0) {
      const { passed, failed } = await runFile(run, args, waiting.shift());
      totals.passed += passed;
      totals.failed += failed;
    }
  };
  await Promise.all(Array.from({ length: jobs }, runNext));
  return totals;
}
