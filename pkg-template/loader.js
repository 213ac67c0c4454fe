// Loading the module: once for all who wait for it, and anew after a failure.

import { cancel, later } from "./clock.js";
import { compile } from "./module.js";
import { ignore, quietly } from "./own.js";

/** Milliseconds for a load. */
const LONGEST = 30_000;
/** Milliseconds after which the copy as text is loaded beside a file that has not come. */
const PATIENCE = 10_000;

/** The first of two that succeeds; the second begins when the first has failed, or is late. */
async function either(first, second, isLate) {
  const hasFailed = new Promise((resolve) => first.catch(resolve));
  try {
    return await Promise.any([first, Promise.race([isLate, hasFailed]).then(second)]);
  } catch {
    return await first;
  }
}

/**
 * @param {(signal?: AbortSignal) => unknown} file what gives the module at first
 * @param {(() => unknown) | undefined} copy what gives it where the file does not come
 * @param {(module: WebAssembly.Module) => void} accept throws if the module cannot be used
 */
export function loaderOf(file, copy, accept) {
  let current;
  /** Whether the last load was given up, so that the next does not wait for the file alone. */
  let isImpatient = false;

  function begin(source) {
    /** @type {any} */
    const load = { waiting: 0, hasEnded: false, promise: undefined, giveUp: ignore };
    const controller = quietly(() => new AbortController());
    const attempt = async (from) => accept(await compile(await from(controller?.signal)));
    load.promise = new Promise((resolve, reject) => {
      const timers = [];
      const wait = (milliseconds, run) => timers.push(later(milliseconds, run));
      const end = (settle) => (value) => {
        load.hasEnded = true;
        if (current === load) current = undefined;
        timers.forEach(cancel);
        settle(value);
      };
      load.giveUp = () => {
        isImpatient = true;
        end(reject)(new Error("it took too long"));
        quietly(() => controller?.abort());
      };
      wait(LONGEST, load.giveUp);
      const first = attempt(source ?? file);
      const useCopy = () => (load.hasEnded ? first : attempt(copy));
      const isLate = () => new Promise((resolve) => wait(isImpatient ? 0 : PATIENCE, resolve));
      const work = copy ? either(first, useCopy, isLate()) : first;
      work.then(end(resolve), end(reject));
    });
    load.promise.catch(ignore);
    return load;
  }

  /** Joins the load under way, or begins one; whoever no longer waits for it leaves. */
  return function join(source) {
    current ??= begin(source);
    const load = current;
    load.waiting += 1;
    const leave = () => {
      load.waiting -= 1;
      if (load.hasEnded) return;
      // Who comes next begins anew, and is not held up by this request.
      if (current === load) current = undefined;
      isImpatient = true;
      if (load.waiting === 0) load.giveUp();
    };
    return { promise: load.promise, leave };
  };
}
