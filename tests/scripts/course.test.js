// The course of a call: its deadline, its steps, its secrets, its requests.
import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { Call } from "../../pkg-template/call.js";
import { ApiKeyError } from "../../pkg-template/error.js";
import { ABORTED, FAILED, TIMEOUT, WHOLE } from "../../pkg-template/names.js";
import { platformFetch } from "../../pkg-template/options.js";

const SECRET = "correct-horse-battery-staple";
const { performance } = globalThis;
let time;

/** Lets time pass on every clock. */
function pass(milliseconds) {
  time += milliseconds;
  mock.timers.tick(milliseconds);
}
const soon = () => new Promise((resolve) => setImmediate(resolve));

/** How a promise stands. */
async function stateOf(promise) {
  let state = "pending";
  promise.then(
    () => {
      state = "fulfilled";
    },
    () => {
      state = "rejected";
    },
  );
  await soon();
  return state;
}

beforeEach(() => {
  time = 5;
  mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.performance = { now: () => time };
});
afterEach(() => {
  mock.timers.reset();
  globalThis.performance = performance;
});

describe("the deadline of a call", () => {
  it("is what it was given, half a minute without, and none where that is no time", () => {
    equal(new Call({}).timeout, 30_000);
    for (const timeout of [1, 0.5, 30_001, Infinity]) equal(new Call({ timeout }).timeout, timeout);
    for (const timeout of [0, -1, Number.NaN, "1", null, {}]) ok(Number.isNaN(new Call({ timeout }).timeout));
  });

  it("ends it at that time, and not before", () => {
    for (const [given, milliseconds] of [
      [{ timeout: 100 }, 100],
      [{}, 30_000],
    ]) {
      const call = new Call(given);
      pass(milliseconds - 1);
      equal(call.state(), 0);
      pass(1);
      equal(call.state(), TIMEOUT);
    }
    const endless = new Call({ timeout: "1" });
    pass(1e9);
    equal(endless.state(), 0);
  });

  it("ends no call that is over", () => {
    const call = new Call({ timeout: 100 });
    call.release();
    pass(100);
    equal(call.state(), 0);
  });
});

/** A signal that is none of the platform's. */
function signalOf(more) {
  const heard = new Set();
  const signal = {
    aborted: false,
    reason: "a reason",
    addEventListener: (type, listen) => heard.add(`${type}`) && heard.add(listen),
    removeEventListener: (type, listen) => heard.delete(`${type}`) && heard.delete(listen),
    ...more,
  };
  const abort = () => {
    for (const listen of heard) if (typeof listen === "function") listen();
  };
  return { signal, heard, abort };
}

describe("the signal of a call", () => {
  it("ends it, whenever it aborts", () => {
    const { signal, heard, abort } = signalOf();
    const call = new Call({ signal });
    ok(call.options.isHeard);
    ok(heard.has("abort"));
    equal(call.state(), 0);
    abort();
    equal(call.state(), ABORTED);
    equal(call.reason(), "a reason");
    deepEqual(call.more("aborted"), { cause: "a reason" });
    deepEqual(call.more("http"), {});
    call.release();
    deepEqual([...heard], []);
    equal(new Call({ signal: signalOf({ aborted: true }).signal }).state(), ABORTED);
  });

  it("and the deadline: the first of both counts", async () => {
    const { signal, abort } = signalOf();
    const late = new Call({ timeout: 100, signal });
    let breakOff;
    const left = late.step(
      () =>
        new Promise((_, reject) => {
          breakOff = reject;
        }),
    );
    pass(100);
    abort();
    breakOff(new Error("what broke when the call ended"));
    equal(await stateOf(left), "rejected");
    equal(late.state(), TIMEOUT);
    deepEqual(late.more("timeout"), {});
    const other = signalOf();
    const early = new Call({ timeout: 100, signal: other.signal });
    other.abort();
    pass(100);
    equal(early.state(), ABORTED);
  });

  it("is not listened to where it is none, or the call has no time that it can keep", () => {
    for (const more of [{ aborted: 0 }, { addEventListener: undefined }, { removeEventListener: undefined }]) {
      const { signal, heard } = signalOf(more);
      equal(new Call({ signal }).options.isHeard, false);
      equal(heard.size, 0);
    }
    const { signal, heard } = signalOf();
    equal(new Call({ signal, timeout: 0 }).options.isHeard, false);
    equal(heard.size, 0);
    const deaf = signalOf({
      addEventListener: () => {
        throw new Error("deaf");
      },
    });
    equal(new Call({ signal: deaf.signal }).options.isHeard, false);
  });

  it("may throw when it is let go of", () => {
    const { signal } = signalOf({
      removeEventListener: () => {
        throw new Error("stuck");
      },
    });
    new Call({ signal }).release();
  });
});

describe("a step of a call", () => {
  it("fulfils when its work has ended, and tells how", async () => {
    const call = new Call({});
    const told = [];
    await call.step(
      () => Promise.resolve("end"),
      (end) => told.push(end),
    );
    deepEqual(told, ["end"]);
    equal(call.state(), 0);
    await call.step(() => 7);
    equal(call.state(), 0);
  });

  it("that throws is the problem of the call until the next step", async () => {
    const call = new Call({});
    for (const start of [
      () => {
        throw new Error("at once");
      },
      () => Promise.reject(new Error("at once")),
    ]) {
      await call.step(start);
      equal(call.state(), FAILED);
      equal(call.more().cause.message, "at once");
      await call.step(() => {});
      equal(call.state(), 0);
      equal(call.more().cause, undefined);
    }
    const told = [];
    await call.step(
      () => Promise.reject(new Error("told")),
      () => {},
      ({ message }) => told.push(message),
    );
    deepEqual(told, ["told"]);
    equal(call.state(), 0);
  });

  it("that failed before the call ended has failed; the end counts from the next one on", async () => {
    const { signal, abort } = signalOf();
    const call = new Call({ signal });
    await call.step(() => Promise.reject(new Error("before")));
    abort();
    equal(call.state(), FAILED);
    equal(call.more("network").cause.message, "before");
    equal(await stateOf(call.step(() => {})), "rejected");
    equal(call.state(), ABORTED);
  });

  it("is left when the call ends, and none begins after that", async () => {
    for (const [end, state] of [
      ["time", TIMEOUT],
      ["abort", ABORTED],
    ]) {
      const { signal, abort } = signalOf();
      const call = new Call({ timeout: 100, signal });
      const told = [];
      let resolve;
      const step = call.step(
        () =>
          new Promise((settle) => {
            resolve = settle;
          }),
        (value) => told.push(value),
      );
      equal(await stateOf(step), "pending");
      if (end === "abort") abort();
      else pass(100);
      equal(await stateOf(step), "rejected");
      resolve("late");
      let started = 0;
      equal(
        await stateOf(
          call.step(() => {
            started += 1;
          }),
        ),
        "rejected",
      );
      equal(started, 0);
      deepEqual(told, []);
      equal(call.state(), state);
    }
  });

  it("is left where its own start ends the call", async () => {
    const { signal, abort } = signalOf();
    const call = new Call({ signal });
    const step = call.step(() => {
      abort();
      return new Promise(() => {});
    });
    equal(await stateOf(step), "rejected");
  });

  it("that waits lasts as long as it is told", async () => {
    const call = new Call({ timeout: 100 });
    const step = call.sleep(50);
    pass(49);
    equal(await stateOf(step), "pending");
    pass(1);
    equal(await stateOf(step), "fulfilled");
    // What is left of the call's time is no time to wait for.
    equal(call.sleep(50), undefined);
    equal(call.sleep(51), undefined);
    ok(call.sleep(49) instanceof Promise);
  });

  it("that waits needs a timer, and leaves none", async (test) => {
    const { setTimeout, clearTimeout } = globalThis;
    test.after(() => Object.assign(globalThis, { setTimeout, clearTimeout }));
    const running = new Set();
    globalThis.setTimeout = (run, milliseconds) => {
      running.add(milliseconds);
      return milliseconds;
    };
    globalThis.clearTimeout = (timer) => running.delete(timer);
    const call = new Call({ timeout: 100 });
    call.sleep(50).catch(() => {});
    await soon();
    deepEqual([...running], [100, 50]);
    call.release();
    equal(running.size, 0);
    globalThis.setTimeout = undefined;
    equal(new Call({ timeout: 100 }).sleep(50), undefined);
  });
});

describe("a secret that a call asks for", () => {
  it("is what the caller's function gives, each time anew, without white space", async () => {
    let asked = 0;
    const token = (...given) => {
      deepEqual(given, []);
      asked += 1;
      return ` token ${asked}\n`;
    };
    const call = new Call({ token });
    for (const wanted of ["token 1", "token 2"]) {
      await call.ask("token");
      equal(call.options.values.token, wanted);
      ok(call.adopt());
      ok(!call.adopt());
    }
    equal(call.state(), 0);
    const entering = new Call({ password: async () => " p " }, undefined, ["password"]);
    await entering.ask("password");
    equal(entering.options.values.password, " p ");
  });

  it("is hidden as soon as it is there, and what is none is kept as it is", async () => {
    const call = new Call({ token: () => SECRET });
    equal(call.redact(SECRET), SECRET);
    await call.ask("token");
    equal(call.redact(`a ${SECRET} b`), "a [redacted] b");
    const odd = new Call({ token: () => 7 });
    await odd.ask("token");
    equal(odd.options.values.token, 7);
    equal(odd.redact("7"), "7");
  });

  it("stays hidden when another has come", async () => {
    const tokens = [SECRET, "another-horse-of-another-kind"];
    const call = new Call({ token: () => tokens[0] });
    await call.ask("token");
    call.adopt();
    const [first] = tokens.splice(0, 1);
    await call.ask("token");
    for (const text of [first, tokens[0]]) equal(call.redact(text), "[redacted]");
    call.adopt();
    for (const text of [first, tokens[0]]) equal(call.redact(text), "[redacted]");
  });

  it("is none where the function throws; nobody knows what that quotes, unless the error is of this package", async () => {
    for (const [error, message] of [
      [new Error("quotes anything"), "(left out: it may quote a secret)"],
      [new ApiKeyError({ __proto__: null, kind: "http", outcome: "unknown", message: "it failed" }), "it failed"],
    ]) {
      let isThere = true;
      const call = new Call({
        token: () => {
          if (isThere) return SECRET;
          throw error;
        },
      });
      await call.ask("token");
      isThere = false;
      await call.ask("token");
      equal(call.state(), FAILED);
      equal(call.options.values.token, undefined);
      equal(call.more().cause.message, message);
      equal(call.redact(SECRET), SECRET);
    }
  });

  it("is asked for while the one that was refused can be seen, and no longer", async () => {
    for (const [status, refused] of [
      [401, "old"],
      [403, undefined],
      [200, undefined],
    ]) {
      const seen = [];
      let isNew = false;
      const call = new Call({
        token: () => {
          seen.push(Call.refused);
          return isNew ? "new" : "old";
        },
        fetch: () => ({ status }),
      });
      await call.ask("token");
      call.adopt();
      await call.send("GET", "/", "");
      isNew = true;
      const asking = call.ask("token");
      equal(Call.refused, undefined);
      await asking;
      deepEqual(seen, [undefined, refused]);
    }
  });
});

/** A call whose fetch does that, one after another; what it was given. */
function callWith(answers, more) {
  const given = [];
  const fetch = async (...parts) => {
    given.push(parts);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const call = new Call({ token: SECRET, fetch, timeout: Infinity, ...more });
  call.options.base = "https://a.example/base";
  call.adopt();
  return { call, given };
}
const REFUSAL = new TypeError("RequestInit: Expected signal (AbortSignal {}) to be an instance of AbortSignal");

describe("a request of a call", () => {
  it("has the options in its path, and as JSON in its body", async () => {
    const { call, given } = callWith([{ status: 204 }], { id: "an-id", text: 'a "b"', "a.b": 1 });
    await call.send("POST", "/v1/{id}/x", '{"text":{text},"more":{a.b}}');
    const [[url, init]] = given;
    equal(url, "https://a.example/base/v1/an-id/x");
    const { signal, headers, ...others } = init;
    deepEqual(others, {
      method: "POST",
      redirect: "manual",
      credentials: "omit",
      cache: "no-store",
      referrer: "",
      referrerPolicy: "no-referrer",
      body: '{"text":"a \\"b\\"","more":1}',
    });
    deepEqual({ ...headers }, { "X-Auth-Token": SECRET, "Content-Type": "application/json" });
    for (const record of [init, headers]) equal(Object.getPrototypeOf(record), null);
    ok(signal instanceof AbortSignal);
    equal(call.status(), 204);
    equal(call.state(), 0);
  });

  it("has no body and no type where there is none, and no token before there is one", async () => {
    const { call, given } = callWith([{ status: 204 }]);
    await call.send("DELETE", "/", "");
    ok(!("body" in given[0][1]));
    deepEqual({ ...given[0][1].headers }, { "X-Auth-Token": SECRET });
    const entering = new Call({ fetch: (...parts) => given.push(parts), timeout: Infinity });
    await entering.send("POST", "/", "{}");
    deepEqual({ ...given[1][1].headers }, { "Content-Type": "application/json" });
    equal(given[1][1].body, "{}");
  });

  it("has what this host's requests know, or all where it tells nothing", async (test) => {
    const { Request } = globalThis;
    test.after(() => Object.assign(globalThis, { Request }));
    const policies = async () => {
      const { call, given } = callWith([{}]);
      await call.send("GET", "/", "");
      return Object.keys(given[0][1]).filter((name) => !["method", "headers", "redirect", "signal"].includes(name));
    };
    const all = ["credentials", "cache", "referrer", "referrerPolicy"];
    deepEqual(await policies(), all);
    globalThis.Request = class {
      get cache() {
        return "";
      }
    };
    deepEqual(await policies(), ["cache"]);
    globalThis.Request = undefined;
    deepEqual(await policies(), all);
  });

  it("is sent once more without a signal where fetch refused that, and only then", async () => {
    const { call, given } = callWith([REFUSAL, { status: 204 }]);
    await call.send("GET", "/", "");
    equal(call.status(), 204);
    equal(given.length, 2);
    ok("signal" in given[0][1]);
    ok(!("signal" in given[1][1]));
    for (const message of ["fetch failed", "expected AbortSignal", "signal", ""]) {
      const other = callWith([new TypeError(message), { status: 204 }]);
      await other.call.send("GET", "/", "");
      equal(other.given.length, 1, message);
      equal(other.call.state(), FAILED);
      equal(other.call.status(), -1);
    }
  });

  it("is not sent once more after the call has ended, or where there was no signal", async (test) => {
    const { signal, abort } = signalOf();
    let sent = 0;
    const fetch = () => {
      sent += 1;
      abort();
      throw REFUSAL;
    };
    await new Call({ token: "t", signal, fetch }).send("GET", "/", "").catch(() => {});
    await soon();
    equal(sent, 1);
    const { AbortController } = globalThis;
    test.after(() => Object.assign(globalThis, { AbortController }));
    globalThis.AbortController = undefined;
    const { call, given } = callWith([REFUSAL, { status: 204 }]);
    await call.send("GET", "/", "");
    equal(given.length, 1);
    ok(!("signal" in given[0][1]));
    equal(call.state(), FAILED);
  });

  it("lets go of the one before, and of its answer", async () => {
    const stopped = [];
    const body = {
      getReader: () => ({ read: () => Promise.reject(new Error("broke")), cancel: () => stopped.push("it") }),
    };
    const { call, given } = callWith([{ status: 200, body }, new Error("gone")]);
    await call.send("GET", "/", "");
    const { signal } = given[0][1];
    await call.read(9, false);
    ok(!signal.aborted);
    await call.send("GET", "/", "");
    ok(signal.aborted);
    deepEqual(stopped, ["it"]);
    equal(call.status(), -1);
    const second = given[1][1].signal;
    ok(!second.aborted);
    call.release();
    ok(second.aborted);
    deepEqual(stopped, ["it"]);
  });

  it("whose answer was read to its end is not aborted", async () => {
    const { call, given } = callWith([{ status: 200, body: ReadableStream.from([Uint8Array.of(1)]) }]);
    await call.send("GET", "/", "");
    await call.read(9, false);
    equal(call.body(), WHOLE);
    call.release();
    ok(!given[0][1].signal.aborted);
  });

  it("may be let go of whatever its answer does", async () => {
    const unhandled = [];
    const listen = (reason) => unhandled.push(reason);
    process.on("unhandledRejection", listen);
    for (const cancel of [
      () => Promise.reject(new Error("stuck")),
      () => {
        throw new Error("stuck");
      },
    ]) {
      const body = { getReader: () => ({ read: () => Promise.reject(new Error("broke")), cancel }) };
      const { call } = callWith([{ status: 200, body }]);
      await call.send("GET", "/", "");
      await call.read(9, false);
      call.release();
      await soon();
    }
    process.off("unhandledRejection", listen);
    deepEqual(unhandled, []);
  });

  it("brings a token in a header, which is hidden from then on, where it had none", async () => {
    const headers = new Headers({ "x-subject-token": SECRET });
    const entering = new Call({ fetch: () => ({ status: 201, headers }), timeout: Infinity });
    await entering.send("POST", "/", "{}");
    equal(entering.options.values.token, SECRET);
    equal(entering.redact(SECRET), "[redacted]");
    const { call } = callWith([{ status: 201, headers: new Headers({ "x-subject-token": "another-token" }) }]);
    await call.send("POST", "/", "{}");
    equal(call.options.values.token, SECRET);
  });
});

describe("a request that a platform refuses", () => {
  const errors = [new Error("bad port"), new Error("fetch failed", { cause: new Error("bad port") })];

  it("is known by a reason of the platform's own fetch", async () => {
    for (const [error, isRefused] of [
      [errors[0], false],
      [errors[1], true],
      [Object.assign(new Error("no"), { code: "ERR_BAD" }), false],
      [Object.assign(new Error("no"), { name: "bad port" }), true],
      [new Error("no"), false],
    ]) {
      const call = new Call({ token: "t", timeout: Infinity });
      call.blame(error);
      equal(call.isRefused("^bad port$"), isRefused, error.message);
    }
  });

  it("is none where the caller's fetch, or a replaced one, gave it", (test) => {
    const call = new Call({ token: "t", timeout: Infinity, fetch: () => {} });
    call.blame(errors[1]);
    equal(call.isRefused("^bad port$"), false);
    globalThis.fetch = () => {};
    test.after(() => {
      globalThis.fetch = platformFetch;
    });
    const other = new Call({ token: "t", timeout: Infinity });
    other.blame(errors[1]);
    equal(other.isRefused("^bad port$"), false);
  });
});

describe("what a call keeps", () => {
  it("are the bytes of a file that broke, beside why", async () => {
    const { signal, abort } = signalOf();
    const left = [Uint8Array.of(1, 2)];
    const read = () => (left.length > 0 ? Promise.resolve({ value: left.shift() }) : new Promise(() => {}));
    const { call } = callWith([{ status: 200, body: { getReader: () => ({ read, cancel() {} }) } }], { signal });
    await call.send("GET", "/", "");
    const reading = call.read(9, true);
    await soon();
    await soon();
    abort();
    equal(await stateOf(reading), "rejected");
    const { cause, file, ...others } = call.more("aborted");
    deepEqual([cause, file.size, others], ["a reason", 2, {}]);
    equal(call.word(0), 0x0201);
    notEqual(file, undefined);
  });
});
