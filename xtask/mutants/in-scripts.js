// Loaded before a file of tests/scripts: the same cases each time, and an end at the first failure.
import { afterEach } from "node:test";
import { isMainThread } from "node:worker_threads";
import fc from "fast-check";

// What failed is not made smaller: nobody reads it.
fc.configureGlobal({ seed: 1, endOnFailure: true });
if (isMainThread) {
  afterEach((test) => {
    if (test.error) process.exit(1);
  });
}
