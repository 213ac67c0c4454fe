import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { moduleOf } from "./built/bytes.js";
import { glueOf, script, settled, thrownBy, thrownWithoutMemory } from "./built/kit.js";
import { sentence } from "./sentence.js";

const { client } = await script("client.js");
const { Call } = await script("call.js");
const { isApiKeyError } = await script("error.js");
const module = new WebAssembly.Module(moduleOf("this build"));
const callOf = (more) => new Call({ timeout: Infinity, ...more });

/** A client whose module is what `source` gives; what it made and asked for. */
function clientOf(source = () => module, copy = undefined, functions = {}) {
  const made = glueOf({ good: (call) => call.succeed("result"), bad: (_, exports) => exports.bad(), ...functions });
  let asked = 0;
  const keys = client((signal) => {
    asked += 1;
    return source(signal);
  }, copy);
  return { keys, made, asked: () => asked };
}

describe("a client", () => {
  it("loads its module with the first call, once, and enters one instance", async () => {
    const { keys, made, asked } = clientOf();
    ok(!keys.isLoaded());
    equal(asked(), 0);
    const results = await Promise.all([keys.run("good", callOf(), ""), keys.run("good", callOf(), "")]);
    deepEqual(results, ["result", "result"]);
    ok(keys.isLoaded());
    equal(await keys.run("good", callOf(), ""), "result");
    equal(asked(), 1);
    equal(made.length, 1);
  });

  it("enters a new instance of the same module after a crash", async () => {
    const { keys, made, asked } = clientOf();
    const error = await thrownBy(keys.run("bad", callOf(), "a doubt"));
    ok(isApiKeyError(error));
    deepEqual([error.kind, error.outcome, error.message], ["internal", "unknown", "bad crashed; a doubt"]);
    equal(await keys.run("good", callOf(), ""), "result");
    equal(made.length, 2);
    equal(asked(), 1);
  });

  it("says so where a new instance cannot be made, and tries again", async () => {
    const { keys, made } = clientOf();
    await thrownBy(keys.run("bad", callOf(), "a doubt"));
    const error = await thrownWithoutMemory(() => keys.run("good", callOf(), ""));
    deepEqual([error.kind, error.outcome, error.cause.message], ["internal", "not_sent", "out of memory"]);
    equal(await keys.run("good", callOf(), ""), "result");
    equal(made.length, 2);
  });

  it("rejects with the fields of a call, as an error of its own", async () => {
    const fields = { __proto__: null, kind: "http", outcome: "rejected", message: "no" };
    const { keys } = clientOf(undefined, undefined, { fail: (call) => call.refuse(fields) });
    const error = await thrownBy(keys.run("fail", callOf(), ""));
    ok(isApiKeyError(error));
    deepEqual([error.kind, error.outcome, error.message], ["http", "rejected", "no"]);
  });

  it("keeps no module that is another build's, and none that did not come", async () => {
    let given = new WebAssembly.Module(moduleOf("another build"));
    const { keys } = clientOf(() => given);
    for (const bad of [given, "text"]) {
      given = bad;
      const error = await thrownBy(keys.run("good", callOf(), ""));
      deepEqual([error.kind, error.outcome], ["internal", "not_sent"]);
      ok(error.message.startsWith("good could not load its WebAssembly module ("), error.message);
      ok(!keys.isLoaded());
    }
    given = module;
    equal(await keys.run("good", callOf(), ""), "result");
  });

  it("keeps no module that cannot be entered", async () => {
    const { keys } = clientOf();
    const error = await thrownWithoutMemory(() => keys.run("good", callOf(), ""));
    equal(error.cause.message, "out of memory");
    ok(!keys.isLoaded());
    equal(await keys.run("good", callOf(), ""), "result");
  });

  it("keeps the module that came first, where a load comes late", async () => {
    const { keys, made, asked } = clientOf();
    let come;
    const late = keys.join(
      () =>
        new Promise((resolve) => {
          come = resolve;
        }),
    );
    late.leave();
    late.promise.catch(() => {});
    await keys.run("good", callOf(), "");
    come(new WebAssembly.Module(moduleOf("another build")));
    await settled();
    equal(await keys.run("good", callOf(), ""), "result");
    equal(asked(), 1);
    equal(made.length, 1);
  });

  it("advises about a file only where the module is one", async () => {
    const fail = () => Promise.reject(new Error("gone"));
    const alone = await thrownBy(clientOf(fail).keys.run("good", callOf(), ""));
    equal(alone.message, sentence("good", "gone", "pass the module, compiled before, to init()"));
    const served = await thrownBy(clientOf(fail, fail).keys.run("good", callOf(), ""));
    const advice = "check that node_provider_keys.wasm is served beside the script, or pass it to init()";
    equal(served.message, sentence("good", "gone", advice));
    equal((await clientOf(fail, () => module).keys.run("good", callOf(), "")) ?? "", "result");
  });

  it("waits for the module as long as a call lasts", async () => {
    let signal;
    const { keys } = clientOf((given) => {
      signal = given;
      return new Promise(() => {});
    });
    const slow = await thrownBy(keys.run("good", callOf({ timeout: 1 }), ""));
    deepEqual([slow.kind, slow.outcome, slow.message.slice(0, 21)], ["timeout", "not_sent", "good ran out of time;"]);
    ok(signal.aborted);
    const controller = new AbortController();
    const aborting = thrownBy(keys.run("good", callOf({ signal: controller.signal }), ""));
    controller.abort("a reason");
    const aborted = await aborting;
    deepEqual([aborted.kind, aborted.outcome, aborted.cause], ["aborted", "not_sent", "a reason"]);
    ok(signal.aborted);
    ok(!keys.isLoaded());
  });

  it("loads nothing for a call with no time that it can keep", async () => {
    const { keys, asked } = clientOf();
    for (const timeout of [0, -1, Number.NaN, "1", null]) {
      const error = await thrownBy(keys.run("good", callOf({ timeout }), ""));
      deepEqual([error.kind, error.outcome], ["invalid_argument", "not_sent"]);
      ok(error.message.startsWith("good got invalid arguments: timeout must be "), error.message);
      deepEqual(
        error.issues.map(({ field }) => field),
        ["timeout"],
      );
    }
    equal(asked(), 0);
  });

  it("lets a call that failed go, and leaves no rejection that nobody handles", async () => {
    const unhandled = [];
    const listen = (reason) => unhandled.push(reason);
    process.on("unhandledRejection", listen);
    const { keys } = clientOf(() => Promise.reject(new Error("gone")));
    const controller = new AbortController();
    const call = callOf({ signal: controller.signal });
    await thrownBy(keys.run("good", call, ""));
    controller.abort();
    // A call that is over has no end of its own any more.
    equal(call.state(), 0);
    await settled();
    process.off("unhandledRejection", listen);
    deepEqual(unhandled, []);
  });
});
