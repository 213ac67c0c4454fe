import { assert, host, test, secretToken } from "./kit.js";
import { leaksOf, takeOutput, detector, WINDOW } from "./leaks.js";

// One leak of each sort, planted: the detector must see all of them, and nothing in a clean error.
const PLANTED = {
  "the message": (part) => new Error(`failed for ${part}`),
  "the stack alone": (part) => Object.defineProperty(new Error("x"), "stack", { value: `Error: x\n at ${part}` }),
  "the name": (part) => Object.assign(new Error("x"), { name: part }),
  "the cause": (part) => new Error("x", { cause: new Error(part) }),
  "a cause's cause": (part) => new Error("x", { cause: new Error("y", { cause: { why: part } }) }),
  "an own property": (part) => Object.assign(new Error("x"), { header: part }),
  "a property that is not enumerable": (part) => Object.defineProperty(new Error("x"), "hidden", { value: part }),
  "a property named by a symbol": (part) => Object.assign(new Error("x"), { [Symbol("s")]: part }),
  "a symbol's description": (part) => Object.assign(new Error("x"), { [Symbol(part)]: 1 }),
  "a property's name": (part) => Object.assign(new Error("x"), { [part]: 1 }),
  "a getter": (part) => Object.defineProperty(new Error("x"), "read", { get: () => part }),
  "a getter that is inherited": (part) =>
    new (class extends Error {
      get secret() {
        return part;
      }
    })("x"),
  "an inherited property": (part) =>
    Object.setPrototypeOf(new Error("x"), Object.create(Error.prototype, { secret: { value: part } })),
  "a nested object": (part) => Object.assign(new Error("x"), { a: { b: [{ c: part }] } }),
  "an array of issues": (part) =>
    Object.assign(new Error("x"), { issues: [{ field: "token", message: `not ${part}` }] }),
  "a Map": (part) => Object.assign(new Error("x"), { map: new Map([["k", part]]) }),
  "a Set": (part) => Object.assign(new Error("x"), { set: new Set([part]) }),
  bytes: (part) => Object.assign(new Error("x"), { bytes: new TextEncoder().encode(part) }),
  "a buffer": (part) => Object.assign(new Error("x"), { buffer: new TextEncoder().encode(part).buffer }),
  "a function's text": (part) => Object.assign(new Error("x"), { run: new Function(`return "${part}"`) }),
  "an error of an AggregateError": (part) => new AggregateError([new Error(part)], "x"),
  toJSON: (part) => Object.assign(new Error("x"), { toJSON: () => ({ part }) }),
  toString: (part) => Object.assign(new Error("x"), { toString: () => part }),
};

describe("0. The detectors see what they look for", () => {
  for (const [place, plant] of Object.entries(PLANTED)) {
    test(`a leak in ${place} is seen, be it the start, the middle or the end of the token`, () => {
      const token = secretToken(500);
      for (const start of [0, 201, 500 - WINDOW]) {
        assert.isNotEmpty(leaksOf(plant(token.slice(start, start + WINDOW)), [token]), place);
        assert.deepEqual(
          leaksOf(plant(token.slice(start, start + WINDOW - 1)), [token]),
          [],
          "one character less is no leak",
        );
      }
    });
  }

  test("a leak in RegExp's statics is seen", () => {
    const token = secretToken();
    /^\S+/.test(`${token} `);
    const places = leaksOf(new Error("x"), [token]);
    /^x/.test("x");
    assert.isTrue(places.some((place) => place.startsWith("RegExp")));
    assert.deepEqual(leaksOf(new Error("x"), [token]), []);
  });

  test("a leak on the console is seen, as text, in an object and in an error", () => {
    const token = secretToken();
    const found = detector([token]);
    for (const write of [
      (part) => console.debug(part),
      (part) => console.log("%s", part),
      (part) => console.error({ a: [{ part }] }),
      (part) => console.warn(new Error(part)),
      ...(host.page
        ? []
        : [
            (part) => process.stdout.write(`${part}\n`),
            (part) => process.stderr.write(new TextEncoder().encode(`${part}\n`)),
          ]),
    ]) {
      takeOutput();
      write(token.slice(7, 7 + WINDOW));
      assert.isTrue(takeOutput().some(found));
    }
    assert.isFalse(takeOutput().some(found));
  });

  test("an abort's reason is left out when it is the caller's, and its error is not", () => {
    const token = secretToken();
    const reason = new Error(token);
    assert.isNotEmpty(leaksOf(new Error("x", { cause: reason }), [token]));
    assert.deepEqual(leaksOf(new Error("x", { cause: reason }), [token], { skip: [reason] }), []);
    assert.isNotEmpty(leaksOf(new Error(token, { cause: reason }), [token], { skip: [reason] }));
  });

  if (host.inspect) {
    test("a leak that only util.inspect shows is seen", () => {
      const token = secretToken();
      const error = Object.assign(new Error("x"), {
        [Symbol.for("nodejs.util.inspect.custom")]: () => token.slice(5, 40),
      });
      assert.include(leaksOf(error, [token]), "util.inspect");
    });
  }
});
