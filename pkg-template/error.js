// The one error of this package.

const BRAND = Symbol.for("node-provider-keys.ApiKeyError");
const FIELDS = ["kind", "outcome", "status", "code", "errorCode", "errorMsg", "detail", "requestId"];

export class ApiKeyError extends Error {
  // Private, so that nothing prints it: it may hold a key.
  #file;

  constructor(fields) {
    const own = (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined);
    super(own("message"), Object.hasOwn(fields, "cause") ? { __proto__: null, cause: fields.cause } : undefined);
    for (const name of FIELDS) if (own(name) !== undefined) this[name] = own(name);
    if (own("issues")) this.issues = Object.freeze(own("issues").map(Object.freeze));
    this.#file = own("file");
  }

  get file() {
    return this.#file;
  }

  static {
    this.prototype.name = "ApiKeyError";
    this.prototype[BRAND] = true;
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
