import { equal } from "node:assert/strict";
import { it } from "node:test";
import { Worker } from "node:worker_threads";

/** Milliseconds. Where steps cannot be counted, a quadratic rule shows by taking many minutes: a linear one takes seconds. */
const WATCHDOG = 120_000;

it("long inputs are read to their end", async () => {
  const worker = new Worker(new URL("./long.work.js", import.meta.url));
  const told = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("a script hangs")), WATCHDOG);
    const end = (settle) => (value) => {
      clearTimeout(timer);
      settle(value);
    };
    worker.on("message", end(resolve)).on("error", end(reject));
  }).finally(() => worker.terminate());
  equal(told, "read");
});
