// What would be wrong with the package: each fault has to be seen by the check that is named beside it.
import { createServer } from "node:net";
import { captured } from "../guarantees/memory.js";

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
      ...Object.fromEntries(["createApiKey", "deleteApiKey", "listApiKeys"].map((name) => [name, call(name)])),
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

/** The check that has to fail, and the package that makes it fail. */
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
  open: { seen: "the process holds", make: spoiled(everyHundredth(() => createServer().listen(0, "127.0.0.1"))) },
};
