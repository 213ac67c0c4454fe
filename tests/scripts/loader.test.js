import { deepEqual, equal, ok } from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { moduleOf } from "./built/bytes.js";
import { script, settled, thrownBy } from "./built/kit.js";

const { loaderOf } = await script("loader.js");
const module = new WebAssembly.Module(moduleOf());
/** Milliseconds, as the loader has them. */
const LONGEST = 30_000;
const PATIENCE = 10_000;

/** Something that is asked for, and comes or fails when the test says so. */
function source() {
  const asked = [];
  const ask = (signal) =>
    new Promise((resolve, reject) => {
      asked.push({ signal, come: () => resolve(module), fail: (why) => reject(new Error(why)) });
    });
  return Object.assign(ask, { asked });
}

/** A loader over a file, and over a copy of it; what it accepted. */
function loader({ copy, accept = () => {} } = {}) {
  const accepted = [];
  const file = source();
  const join = loaderOf(file, copy, (given) => {
    accepted.push(given);
    accept(given);
  });
  return { join, file, copy, accepted };
}

/** How a promise stands. */
async function state(promise) {
  let end = "pending";
  promise.then(
    () => {
      end = "loaded";
    },
    ({ message }) => {
      end = message;
    },
  );
  await settled();
  return end;
}

let set;
let running;

describe("a load", () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    running = new Set();
    const { setTimeout, clearTimeout } = globalThis;
    set = { setTimeout, clearTimeout };
    globalThis.setTimeout = (run, milliseconds) => {
      const timer = setTimeout(() => {
        running.delete(timer);
        run();
      }, milliseconds);
      running.add(timer);
      return timer;
    };
    globalThis.clearTimeout = (timer) => {
      running.delete(timer);
      clearTimeout(timer);
    };
  });
  afterEach(() => {
    Object.assign(globalThis, set);
    mock.timers.reset();
  });

  it("is one for all who wait, and one more after it has ended", async () => {
    const { join, file, accepted } = loader();
    const [one, other] = [join(), join()];
    await settled();
    equal(file.asked.length, 1);
    equal(await state(one.promise), "pending");
    file.asked[0].come();
    equal(await state(one.promise), "loaded");
    equal(await state(other.promise), "loaded");
    deepEqual(accepted, [module]);
    equal(running.size, 0);
    ok(!file.asked[0].signal.aborted);
    for (const { leave } of [one, other]) leave();
    ok(!file.asked[0].signal.aborted);
    const late = join();
    await settled();
    equal(file.asked.length, 2);
    file.asked[1].fail("gone");
    equal(await state(late.promise), "gone");
    equal(running.size, 0);
    join();
    equal(file.asked.length, 3);
  });

  it("is of another source where one is given", async () => {
    const { join, file } = loader();
    const given = source();
    const { promise } = join(given);
    given.asked[0].come();
    equal(await state(promise), "loaded");
    equal(file.asked.length, 0);
  });

  it("fails where the source throws, and where the module is not accepted", async () => {
    for (const given of [
      () => {
        throw new Error("refused");
      },
      () => module,
    ]) {
      const { join } = loader({
        accept: () => {
          throw new Error("refused");
        },
      });
      equal(await state(join(given).promise), "refused");
    }
  });

  it("compiles bytes", async () => {
    const { join, accepted } = loader();
    equal(await state(join(() => moduleOf()).promise), "pending");
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    while (accepted.length === 0) await settled();
    ok(accepted[0] instanceof WebAssembly.Module);
  });

  it("is given up after its time, with the request, and begins anew for who comes next", async () => {
    const { join, file } = loader();
    const { promise, leave } = join();
    mock.timers.tick(LONGEST - 1);
    equal(await state(promise), "pending");
    ok(!file.asked[0].signal.aborted);
    mock.timers.tick(1);
    equal(await state(promise), "it took too long");
    ok(file.asked[0].signal.aborted);
    equal(running.size, 0);
    leave();
    join();
    equal(file.asked.length, 2);
  });

  it("is given up when the last who waits for it leaves, and not before", async () => {
    const { join, file } = loader();
    const first = join();
    const second = join();
    first.leave();
    equal(await state(second.promise), "pending");
    ok(!file.asked[0].signal.aborted);
    // Who comes after somebody left does not wait for this request.
    const third = join();
    equal(file.asked.length, 2);
    second.leave();
    ok(file.asked[0].signal.aborted);
    join();
    equal(file.asked.length, 2);
    equal(await state(second.promise), "it took too long");
    equal(await state(third.promise), "pending");
    file.asked[1].come();
    equal(await state(third.promise), "loaded");
    third.leave();
    ok(!file.asked[1].signal.aborted);
    equal(running.size, 0);
  });

  it("that nobody waits for leaves the one that began after it alone", async () => {
    const { join, file } = loader();
    const first = join();
    const alongside = join();
    first.leave();
    const second = join();
    file.asked[0].come();
    equal(await state(alongside.promise), "loaded");
    const third = join();
    equal(file.asked.length, 2);
    equal(await state(third.promise), "pending");
    file.asked[1].come();
    equal(await state(second.promise), "loaded");
    equal(await state(third.promise), "loaded");
  });

  it("leaves no rejection that nobody handles", async () => {
    const unhandled = [];
    const listen = (reason) => unhandled.push(reason);
    process.on("unhandledRejection", listen);
    const { join, file } = loader({ copy: source() });
    join();
    file.asked[0].fail("gone");
    await settled();
    mock.timers.tick(LONGEST);
    await settled();
    await settled();
    process.off("unhandledRejection", listen);
    deepEqual(unhandled, []);
  });

  it("works where the host has no AbortController and no timers", async (test) => {
    const { AbortController } = globalThis;
    Object.assign(globalThis, { AbortController: undefined, setTimeout: undefined, clearTimeout: undefined });
    test.after(() => Object.assign(globalThis, { AbortController }));
    const { join, file } = loader({ copy: source() });
    const { promise, leave } = join();
    equal(file.asked[0].signal, undefined);
    leave();
    equal(await state(promise), "it took too long");
    const next = join();
    file.asked[1].come();
    equal(await state(next.promise), "loaded");
  });
});

describe("the copy of a module", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  it("is not loaded where the file comes in time", async () => {
    const { join, file, copy } = loader({ copy: source() });
    const { promise } = join();
    mock.timers.tick(PATIENCE - 1);
    await settled();
    file.asked[0].come();
    equal(await state(promise), "loaded");
    mock.timers.tick(LONGEST);
    await settled();
    equal(copy.asked.length, 0);
  });

  it("is loaded where the file fails, at once, and its end is that of the load", async () => {
    for (const [how, end] of [
      ["come", "loaded"],
      ["fail", "no file"],
    ]) {
      const { join, file, copy } = loader({ copy: source() });
      const { promise } = join();
      file.asked[0].fail("no file");
      equal(await state(promise), "pending");
      equal(copy.asked.length, 1);
      equal(copy.asked[0].signal, file.asked[0].signal);
      copy.asked[0][how]("no copy");
      equal(await state(promise), end);
    }
  });

  it("is loaded beside a file that is late, and whichever comes first counts", async () => {
    for (const first of ["file", "copy"]) {
      const loading = loader({ copy: source() });
      const { promise } = loading.join();
      await settled();
      mock.timers.tick(PATIENCE);
      equal(await state(promise), "pending");
      equal(loading.copy.asked.length, 1);
      loading[first].asked[0].come();
      equal(await state(promise), "loaded");
      equal(loading.accepted.length, 1);
    }
  });

  it("is loaded beside the file at once after a load was given up, or left", async () => {
    for (const end of ["time", "leave"]) {
      const { join, copy } = loader({ copy: source() });
      const left = join();
      await settled();
      equal(copy.asked.length, 0);
      if (end === "leave") left.leave();
      else mock.timers.tick(LONGEST);
      await thrownBy(left.promise);
      const already = copy.asked.length;
      const { promise } = join();
      mock.timers.tick(1);
      equal(await state(promise), "pending");
      equal(copy.asked.length, already + 1, end);
    }
  });

  it("is loaded beside the file at once after one of many left", async () => {
    const { join, copy } = loader({ copy: source() });
    const staying = join();
    join().leave();
    join();
    mock.timers.tick(1);
    equal(await state(staying.promise), "pending");
    equal(copy.asked.length, 1);
  });

  it("is not loaded after the load has ended", async () => {
    const { join, file, copy } = loader({ copy: source() });
    const { promise, leave } = join();
    leave();
    equal(await state(promise), "it took too long");
    file.asked[0].fail("aborted");
    await settled();
    mock.timers.tick(LONGEST);
    await settled();
    equal(copy.asked.length, 0);
  });
});
