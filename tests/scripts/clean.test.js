import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { copyOf, reasonsOf } from "../../pkg-template/clean.js";
import { redacted, secretOf } from "../../pkg-template/redact.js";
import { always } from "./kit.js";

const SECRET = "correct-horse-battery-staple";
const redact = (text) => redacted(text, [secretOf(SECRET)]);
const errorOf = (message, more) => Object.assign(new Error(message), more);

describe("a copy of a platform's error", () => {
  it("has its name, code and messages, and nothing else", () => {
    const cause = errorOf("connect ECONNREFUSED", { code: "ECONNREFUSED", address: "10.0.0.1" });
    const copy = copyOf(errorOf("fetch failed", { name: "TypeError", cause, config: {} }), redact);
    equal(copy.message, "fetch failed: connect ECONNREFUSED");
    deepEqual(Object.getOwnPropertyNames(copy).sort(), ["code", "message", "name", "stack"]);
    deepEqual([copy.name, copy.code], ["TypeError", "ECONNREFUSED"]);
    equal(copyOf("a text that was thrown", redact).message, "a text that was thrown");
    equal(copyOf(undefined, redact).message, "");
  });

  it("leaves its message out where nobody knows what it quotes", () => {
    const copy = copyOf(errorOf("quotes anything", { name: "SyntaxError", code: "E" }), redact, true);
    equal(copy.message, "(left out: it may quote a secret)");
    deepEqual([copy.name, copy.code], ["SyntaxError", "E"]);
  });

  it("can be made where Error.prototype lets nothing be set", (test) => {
    const { name } = Object.getOwnPropertyDescriptors(Error.prototype);
    Object.defineProperty(Error.prototype, "name", { ...name, writable: false });
    test.after(() => Object.defineProperty(Error.prototype, "name", name));
    equal(copyOf({ name: "TypeError", message: "m" }, redact).name, "TypeError");
  });

  it("shows no piece of a secret, whatever was thrown", () => {
    const text = fc.oneof(fc.string(), fc.constantFrom(SECRET, `a ${SECRET}`, encodeURIComponent(`${SECRET} `), ""));
    const inner = fc.record({ message: text, code: fc.oneof(text, fc.integer()) }, { requiredKeys: [] });
    const outer = fc.record({ message: text, name: text, code: text, cause: inner, other: text }, { requiredKeys: [] });
    always(fc.oneof(outer, text, fc.anything()), fc.boolean(), (thrown, isSecret) => {
      const copy = copyOf(thrown, redact, isSecret);
      ok(copy instanceof Error);
      for (const name of ["message", "name", "code"]) ok(!String(copy[name]).includes(SECRET.slice(0, 12)), copy[name]);
      if (isSecret) equal(copy.message, "(left out: it may quote a secret)");
    });
  });

  it("comes of reasons in texts of their own", () => {
    deepEqual(reasonsOf(errorOf("m", { code: "ERR_ACCESS_DENIED", name: "Error" })), ["ERR_ACCESS_DENIED", "Error"]);
    deepEqual(reasonsOf(errorOf("m", { name: "TypeError", cause: { code: "E", message: "bad port" } })), [
      "E",
      "TypeError",
      "bad port",
    ]);
    deepEqual(reasonsOf("bad port"), []);
    deepEqual(reasonsOf({ code: 7, name: "", cause: null }), []);
  });
});
