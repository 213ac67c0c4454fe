// The one error of this package.

import { FIELDS } from "./names.js";

const BRAND = Symbol.for("node-provider-keys.ApiKeyError");

/** Defines and does not set: a polluted or frozen prototype would not let everything be set. */
const define = (target, name, value, enumerable) =>
  Object.defineProperty(target, name, { __proto__: null, value, enumerable, writable: true, configurable: true });

export class ApiKeyError extends Error {
  // Private, so that nothing prints it: it may hold a key.
  #file;

  /** @param {Record<string, any>} fields that inherit nothing */
  constructor(fields) {
    super(fields.message, "cause" in fields ? { __proto__: null, cause: fields.cause } : undefined);
    for (const issue of fields.issues ?? []) Object.freeze(issue);
    Object.freeze(fields.issues);
    for (const name of [...FIELDS, "issues"]) {
      // The message is there already, and does not show among the fields.
      if (name !== "message" && fields[name] !== undefined) define(this, name, fields[name], true);
    }
    this.#file = fields.file;
  }

  get file() {
    return this.#file;
  }

  static {
    define(ApiKeyError.prototype, "name", "ApiKeyError", true);
    define(ApiKeyError.prototype, BRAND, true, true);
  }
}

// By its brand, so that it also knows the errors of another copy of this package.
export function isApiKeyError(value) {
  try {
    return value[BRAND] === true;
  } catch {
    return false;
  }
}
