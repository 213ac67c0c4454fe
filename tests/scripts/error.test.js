import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { ApiKeyError, isApiKeyError } from "../../pkg-template/error.js";
import { FIELDS } from "../../pkg-template/names.js";

const BRAND = Symbol.for("node-provider-keys.ApiKeyError");
const fieldsOf = (more) => ({ __proto__: null, kind: "http", outcome: "rejected", message: "it failed", ...more });
const shown = { writable: true, configurable: true, enumerable: true };

describe("an error of this package", () => {
  it("has the fields that are there, and no others", () => {
    const all = fieldsOf(Object.fromEntries(FIELDS.slice(3).map((name) => [name, `the ${name}`])));
    const error = new ApiKeyError(all);
    for (const name of FIELDS) equal(error[name], all[name], name);
    deepEqual(Object.keys(error).sort(), FIELDS.filter((name) => name !== "message").sort());
    for (const name of Object.keys(error)) {
      deepEqual(Object.getOwnPropertyDescriptor(error, name), { value: all[name], ...shown });
    }
    deepEqual(Object.keys(new ApiKeyError(fieldsOf({ other: 1, code: undefined }))), ["kind", "outcome"]);
    ok(error instanceof Error);
    ok(error.stack.includes("it failed"));
  });

  it("has its name and its brand from its class, where they can be replaced", () => {
    for (const [name, value] of [
      ["name", "ApiKeyError"],
      [BRAND, true],
    ]) {
      deepEqual(Object.getOwnPropertyDescriptor(ApiKeyError.prototype, name), { value, ...shown });
    }
  });

  it("has a cause exactly where there is one, whatever it is", () => {
    for (const cause of [undefined, null, 0, "text", new Error("it")]) {
      const error = new ApiKeyError(fieldsOf({ cause }));
      ok(Object.hasOwn(error, "cause"));
      equal(error.cause, cause);
    }
    ok(!Object.hasOwn(new ApiKeyError(fieldsOf()), "cause"));
  });

  it("has no cause by a prototype", (test) => {
    Object.prototype.cause = "polluted";
    test.after(() => {
      delete Object.prototype.cause;
    });
    ok(!Object.hasOwn(new ApiKeyError(fieldsOf()), "cause"));
  });

  it("has its fields where a prototype lets nothing be set, and its own alone", (test) => {
    const names = ["kind", "status"];
    for (const name of names) Object.defineProperty(Object.prototype, name, { value: "polluted", configurable: true });
    Object.prototype.get = () => "polluted";
    test.after(() => {
      for (const name of [...names, "get"]) delete Object.prototype[name];
    });
    const error = new ApiKeyError(fieldsOf());
    equal(error.kind, "http");
    ok(!Object.hasOwn(error, "status"));
  });

  it("has its issues frozen", () => {
    const error = new ApiKeyError(fieldsOf({ issues: [{ field: "token", message: "must be given" }] }));
    deepEqual(error.issues, [{ field: "token", message: "must be given" }]);
    ok(Object.isFrozen(error.issues) && error.issues.every(Object.isFrozen));
    equal(new ApiKeyError(fieldsOf()).issues, undefined);
  });

  it("keeps its file where nothing prints it", () => {
    const file = new Blob(["PK"]);
    const error = new ApiKeyError(fieldsOf({ file }));
    equal(error.file, file);
    deepEqual(Reflect.ownKeys(error).sort(), ["kind", "message", "outcome", "stack"]);
    equal(new ApiKeyError(fieldsOf()).file, undefined);
  });

  it("is known by its brand, and nothing else is", () => {
    ok(isApiKeyError(new ApiKeyError(fieldsOf())));
    ok(isApiKeyError({ [BRAND]: true }));
    const throwing = new Proxy({}, { get: () => JSON.parse("") });
    for (const other of [undefined, null, {}, { [BRAND]: 1 }, new Error("it"), "text", throwing]) {
      equal(isApiKeyError(other), false);
    }
  });
});
