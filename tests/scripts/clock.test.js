import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { cancel, later, now } from "../../pkg-template/clock.js";
import { stepOf } from "../../pkg-template/step.js";

/** Replaces globals until the test ends. */
function withGlobals(test, values) {
  const names = Object.keys(values);
  const before = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  test.after(() => names.forEach((name, at) => void Object.defineProperty(globalThis, name, before[at])));
  for (const name of names) {
    Object.defineProperty(globalThis, name, { value: values[name], writable: true, configurable: true });
  }
}

describe("a clock", () => {
  it("is one that nobody sets, where there is one", (test) => {
    withGlobals(test, { performance: { now: () => 0 }, Date: { now: () => 7 } });
    equal(now(), 0);
    globalThis.performance = undefined;
    equal(now(), 7);
  });
});

describe("a timer", () => {
  it("runs after so many milliseconds, and never where it is stopped", (test) => {
    const log = [];
    withGlobals(test, {
      setTimeout: (...given) => {
        log.push(given);
        return "timer";
      },
      clearTimeout: (...given) => log.push(given),
    });
    const run = () => {};
    for (const milliseconds of [0, 5, 2 ** 31 - 1]) {
      equal(later(milliseconds, run), "timer");
      deepEqual(log.pop(), [run, milliseconds]);
    }
    cancel("timer");
    deepEqual(log.pop(), ["timer"]);
  });

  it("is none where it would fire at once, or where the host has none", (test) => {
    const log = [];
    withGlobals(test, { setTimeout: () => log.push("set"), clearTimeout: undefined });
    for (const milliseconds of [2 ** 31, 2 ** 31 + 1, Infinity])
      equal(
        later(milliseconds, () => {}),
        undefined,
      );
    deepEqual(log, []);
    globalThis.setTimeout = undefined;
    equal(
      later(1, () => {}),
      undefined,
    );
    equal(cancel(1), undefined);
  });
});

describe("a step", () => {
  /** Work with its handles, and what was told of it. */
  function stepWith() {
    const told = [];
    const handles = {};
    const work = new Promise((resolve, reject) => Object.assign(handles, { resolve, reject }));
    const step = stepOf(
      work,
      (end) => told.push(["taken", end]),
      (end) => told.push(["failed", end]),
    );
    let state = "pending";
    const settled = step.promise.then(
      (value) => {
        state = ["fulfilled", value];
      },
      (error) => {
        state = ["rejected", error];
      },
    );
    return { ...step, ...handles, told, settled, state: () => state };
  }
  const soon = () => new Promise((resolve) => setImmediate(resolve));

  it("fulfils with nothing once its work was told, whichever way that ends", async () => {
    for (const [how, name] of [
      ["resolve", "taken"],
      ["reject", "failed"],
    ]) {
      const step = stepWith();
      await soon();
      equal(step.state(), "pending");
      step[how]("end");
      await step.settled;
      deepEqual(step.told, [[name, "end"]]);
      deepEqual(step.state(), ["fulfilled", undefined]);
      step.leave();
      await soon();
      deepEqual(step.state(), ["fulfilled", undefined]);
    }
  });

  it("rejects with nothing once it is left, and is told nothing after that", async () => {
    for (const how of ["resolve", "reject"]) {
      const step = stepWith();
      step.leave();
      step.leave();
      await step.settled;
      deepEqual(step.state(), ["rejected", undefined]);
      step[how]("end");
      await soon();
      deepEqual(step.told, []);
    }
  });

  it("tells what ended before it is settled", async () => {
    const order = [];
    const { promise } = stepOf(
      Promise.resolve(),
      () => order.push("taken"),
      () => {},
    );
    await promise.then(() => order.push("fulfilled"));
    deepEqual(order, ["taken", "fulfilled"]);
    notEqual(promise, undefined);
    ok(promise instanceof Promise);
  });
});
