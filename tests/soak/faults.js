// What would be wrong with the package: each fault has to be seen by the check that is named beside it.
import { AsyncLocalStorage } from "node:async_hooks";
import { createServer } from "node:net";
import { captured } from "../guarantees/memory.js";

const CALLS = ["createApiKey", "deleteApiKey", "listApiKeys"];
const kept = [];
const quietly = () => {};

/** The package with `spoil(options)` before each call and `swap(value)` after each success. */
const spoiled =
  (spoil, swap = (value) => value) =>
  (pkg) => {
    const call = (name) => (options) => {
      spoil(options);
      return pkg[name](options).then(swap);
    };
    return {
      ...pkg,
      ...Object.fromEntries(CALLS.map((name) => [name, call(name)])),
    };
  };

let calls = 0;
const everyHundredth = (work) => (options) => {
  calls += 1;
  if (calls % 100 === 0) work(options);
};

let lastFile;
function anotherFile(value) {
  if (!(value instanceof File)) return value;
  const other = lastFile ?? value;
  lastFile = value;
  return other;
}

/** Every call runs in the context of the first, as from one queue. */
function queued(pkg) {
  let first;
  const call = (name) => (options) => {
    first ??= AsyncLocalStorage.snapshot();
    return first(() => pkg[name](options));
  };
  return { ...pkg, ...Object.fromEntries(CALLS.map((name) => [name, call(name)])) };
}

/** Some calls have the token of the one before. */
function borrowing(pkg) {
  let token;
  let made = 0;
  const call = (name) => (options) => {
    const own = { ...options };
    const before = token ?? own.token;
    token = own.token;
    made += 1;
    return pkg[name](made % 100 ? options : { ...own, token: before });
  };
  return { ...pkg, ...Object.fromEntries(CALLS.map((name) => [name, call(name)])) };
}

/** The check that has to fail, and the package that makes it fail; `callers` where only callers of their own can see it. */
export const faults = {
  mixed: { seen: "every call settled", make: spoiled(quietly, anotherFile) },
  unhandled: {
    seen: "nothing was unhandled",
    make: spoiled(everyHundredth(() => void Promise.reject(new Error("left alone")))),
  },
  grown: { seen: "linear memory", make: spoiled(everyHundredth(() => captured()[0].grow(1))) },
  kept: { seen: "the heap is flat", make: spoiled(() => kept.push(new Array(1000).fill(0))) },
  timer: {
    seen: "no timer and no listener",
    make: spoiled(everyHundredth(() => setTimeout(quietly, 2 ** 30).unref?.())),
  },
  listener: {
    seen: "no timer and no listener",
    make: spoiled(({ signal }) => signal?.addEventListener("abort", () => {})),
  },
  queued: { callers: true, seen: "every function of a caller", make: queued },
  borrowed: { callers: true, seen: "every function of a caller", make: borrowing },
  open: { seen: "the process holds", make: spoiled(everyHundredth(() => createServer().listen(0, "127.0.0.1"))) },
};
