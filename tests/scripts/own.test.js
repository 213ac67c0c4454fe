import { equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { can, get, isMatch, isObject, own, quietly } from "../../pkg-template/own.js";
import { always } from "./kit.js";

const throwing = new Proxy(
  {},
  {
    get: () => JSON.parse(""),
    getOwnPropertyDescriptor: () => JSON.parse(""),
    getPrototypeOf: () => JSON.parse(""),
  },
);

describe("a value of somebody else's", () => {
  it("has properties of its own, or of its class, and never those of every object", (test) => {
    Object.prototype.polluted = "polluted";
    test.after(() => {
      delete Object.prototype.polluted;
    });
    class Base {
      get inherited() {
        return "inherited";
      }
    }
    class Derived extends Base {
      mine = "mine";
    }
    const value = new Derived();
    equal(own(value, "mine"), "mine");
    equal(own(value, "inherited"), undefined);
    equal(get(value, "mine"), "mine");
    equal(get(value, "inherited"), "inherited");
    for (const read of [own, get]) {
      for (const name of ["polluted", "toString", "constructor2"]) equal(read(value, name), undefined, name);
      equal(read(throwing, "mine"), undefined);
      equal(
        read(
          {
            get mine() {
              return JSON.parse("");
            },
          },
          "mine",
        ),
        undefined,
      );
      for (const nothing of [undefined, null, 7, "text", Symbol("s")]) equal(read(nothing, "length"), undefined);
    }
    equal(get(Object.prototype, "polluted"), "polluted");
    equal(
      get(() => {}, "polluted"),
      undefined,
    );
    ok(can(new Map(), "get") && !can({}, "toString") && !can({ get: 1 }, "get"));
  });

  it("is read as a plain look-up reads it, on records", () => {
    always(fc.dictionary(fc.string(), fc.anything()), fc.string(), (record, name) => {
      for (const at of [name, ...Object.keys(record)]) {
        const value = Object.hasOwn(record, at) ? record[at] : undefined;
        equal(own(record, at), value);
        equal(get(record, at), value);
      }
    });
  });

  it("is an object or is none, as typeof has it", () => {
    always(fc.anything({ withDate: true, withMap: true, withNullPrototype: true }), (value) => {
      equal(isObject(value), value !== null && ["object", "function"].includes(typeof value));
    });
  });

  it("that throws reads as nothing", () => {
    equal(
      quietly(() => JSON.parse("")),
      undefined,
    );
    equal(
      quietly(() => 7),
      7,
    );
  });
});

it("a match leaves nothing of its text behind", () => {
  const secret = "correct-horse-battery";
  equal(isMatch(/horse/, secret), true);
  equal(isMatch(/donkey/, secret), false);
  for (const name of ["input", "lastMatch", "leftContext", "rightContext"]) ok(!RegExp[name].includes("correct"), name);
});
