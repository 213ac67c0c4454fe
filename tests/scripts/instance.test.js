import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { moduleOf } from "./built/bytes.js";
import { glueOf, script, settled, thrownBy } from "./built/kit.js";

const { instantiate } = await script("instance.js");
const { host } = await script("bytes.js");
const module = new WebAssembly.Module(moduleOf());

/** A call, with its handles. */
function callOf() {
  const call = {};
  call.promise = new Promise((resolve, reject) => Object.assign(call, { resolve, reject }));
  return call;
}

/** An instance; how often it crashed. */
function instanceOf(functions) {
  const crashes = [];
  const made = glueOf(functions);
  const enter = instantiate(module, () => crashes.push(1));
  return { enter, crashes, made };
}

describe("an instance", () => {
  it("has the module's exports, those that are functions among them, and no prototype", () => {
    const { made } = instanceOf({});
    const { exports } = made[0];
    equal(Object.getPrototypeOf(exports), null);
    deepEqual(Object.keys(exports), ["good", "bad", "memory"]);
    ok(exports.memory instanceof WebAssembly.Memory);
    equal(exports.good(), 7);
  });

  it("gets the coders of text that were there first", () => {
    const first = { TextDecoder, TextEncoder };
    const { coders } = host;
    host.coders = { ...first, more: 1 };
    deepEqual(instanceOf({}).made[0].coders, first);
    deepEqual(host.coders, first);
    host.coders = coders;
  });

  it("hands a call to the function of its name, and ends as the call does", async () => {
    const seen = [];
    const { enter, crashes } = instanceOf({
      one: (call) => seen.push(["one", call]),
      two: (call) => seen.push(["two", call]),
    });
    const [first, second] = [callOf(), callOf()];
    const ends = [enter("one", first, "doubt"), enter("two", second, "doubt")];
    deepEqual(seen, [
      ["one", first],
      ["two", second],
    ]);
    first.resolve("result");
    second.reject("fields");
    equal(await ends[0], "result");
    equal(await thrownBy(ends[1]), "fields");
    deepEqual(crashes, []);
  });

  it("that crashes tells every call that runs, and nothing enters it again", async () => {
    const { enter, crashes, made } = instanceOf({ wait: () => {}, crash: (_, { bad }) => bad() });
    const done = callOf();
    const ended = enter("wait", done, "nothing");
    done.resolve("result");
    equal(await ended, "result");
    const waiting = enter("wait", callOf(), "the doubt of one");
    await settled();
    const crashing = enter("crash", callOf(), "the doubt of the other");
    const errors = [await thrownBy(waiting), await thrownBy(crashing)];
    deepEqual(
      errors.map(({ kind, outcome, message }) => [kind, outcome, message]),
      [
        ["internal", "unknown", "wait crashed; the doubt of one"],
        ["internal", "unknown", "crash crashed; the doubt of the other"],
      ],
    );
    for (const { cause } of errors) equal(cause.message, "the module crashed");
    equal(crashes.length, 1);
    const { good, bad } = made[0].exports;
    for (const enterAgain of [good, bad]) {
      const nothing = enterAgain();
      notEqual(nothing, 7);
      deepEqual(Object.keys(nothing), []);
      equal(Object.getPrototypeOf(nothing), null);
      ok(Object.isFrozen(nothing));
    }
    equal(crashes.length, 1);
  });

  it("tells a call whose end it saw before nothing more", async () => {
    const told = [];
    const { enter, made } = instanceOf({ wait: () => {} });
    for (const how of ["resolve", "reject"]) {
      const call = callOf();
      const end = enter("wait", call, "doubt");
      end.then(
        () => told.push("fulfilled"),
        (error) => told.push(error),
      );
      call[how]("ended");
    }
    await settled();
    made[0].exports.bad();
    await settled();
    deepEqual(told, ["fulfilled", "ended"]);
  });
});
