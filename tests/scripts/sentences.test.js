import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { notLoaded } from "../../pkg-template/sentences.js";
import { sentence } from "./sentence.js";

const ALONE = "pass the module, compiled before, to init()";
const SERVED = "check that node_provider_keys.wasm is served beside the script, or pass it to init()";
const CSP = "add 'wasm-unsafe-eval' to script-src of the Content-Security-Policy";

const WASM = WebAssembly;

/** Replaces WebAssembly, or its Module, until the test ends. */
function withWasm(test, value) {
  test.after(() => {
    globalThis.WebAssembly = WASM;
  });
  globalThis.WebAssembly = value;
}
const failing = (error) => ({
  Module: class {
    constructor() {
      throw error;
    }
  },
});

describe("a call whose module did not load", () => {
  it("says why on one short line, and what to do", () => {
    for (const [error, reason] of [
      [new Error("gone"), "gone"],
      [new Error(" a\n\tb  c "), " a b c "],
      ["text", "text"],
      [{ message: 7 }, "7"],
      [undefined, "no reason was given"],
      [null, "no reason was given"],
      [new Error("x".repeat(300)), "x".repeat(200)],
      [new Error(`${"x".repeat(199)}\n\n\nyz`), `${"x".repeat(199)} `],
    ]) {
      for (const [hasFile, advice] of [
        [false, ALONE],
        [true, SERVED],
      ]) {
        const fields = notLoaded("init", error, hasFile);
        const { cause, ...others } = fields;
        deepEqual(others, { kind: "internal", outcome: "not_sent", message: sentence("init", reason, advice) });
        equal(Object.getPrototypeOf(fields), null);
        ok(cause instanceof Error);
        equal(cause.message, reason);
      }
    }
  });

  it("says that a policy forbids it, by the word of any engine", (test) => {
    for (const words of [
      "violates the following Content Security Policy directive",
      "call to WebAssembly.Module() blocked by CSP",
      "Refused to compile because 'unsafe-eval' is no source",
      "content-security-policy",
    ]) {
      withWasm(test, failing(new Error(words)));
      for (const hasFile of [false, true]) {
        const { message, cause } = notLoaded("init", new Error("gone"), hasFile);
        equal(message, `init may not run WebAssembly here; nothing was sent: ${CSP}.`);
        equal(cause.message, "gone");
      }
    }
  });

  it("takes the reason of the engine where not even the smallest module compiles", (test) => {
    withWasm(test, failing(new Error("out of memory")));
    equal(notLoaded("init", new Error("gone"), false).message, sentence("init", "out of memory", ALONE));
  });

  it("compiles the smallest module to ask", (test) => {
    const given = [];
    const { Module } = WebAssembly;
    withWasm(test, {
      Module: class {
        constructor(bytes) {
          given.push(new Module(bytes));
        }
      },
    });
    equal(notLoaded("init", new Error("gone"), true).message, sentence("init", "gone", SERVED));
    equal(given.length, 1);
  });

  it("says that there is no WebAssembly", (test) => {
    withWasm(test, undefined);
    const { message, cause } = notLoaded("init", new Error("gone"), false);
    equal(message, sentence("init", "there is no WebAssembly here", ALONE));
    equal(cause.message, "gone");
  });
});
