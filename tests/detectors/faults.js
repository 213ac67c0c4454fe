// A fault for each guarantee: what of the package's script for Node, or of another `file`, is replaced by what. `suite`
// begins the names of the tests that must find it.

export const FAULTS = [
  {
    suite: "1. The token never leaves its origin",
    what: "redirects are followed",
    find: 'redirect: "manual"',
    put: 'redirect: "follow"',
  },
  {
    suite: "2. No secret in any output",
    what: "texts of the server are not redacted",
    find: "if (found.length === 0) return text;",
    put: "return text;",
  },
  {
    suite: "3. No secret in linear memory",
    what: "a header of the answer has the token in it when Rust reads it",
    find: "return value && this.redact(value);",
    put: "return this.#token;",
  },
  {
    suite: "4. Create is one fetch",
    what: "a fetch that failed is repeated",
    find: "if (!controller || this.#ended || !refusesSignal(error)) throw error;",
    put: "if (!controller || this.#ended) throw error;",
  },
  {
    suite: "5. What is certain is said",
    what: "every outcome is `not_sent`",
    find: "const text = at < 2 ? texts[at] : finished[at];",
    put: 'const text = at === 1 ? "not_sent" : at < 2 ? texts[at] : finished[at];',
  },
  {
    suite: "6. The file is whole",
    what: "the pieces of a body are put together in the wrong order",
    find: "sink.chunks.push(bytes);",
    put: "sink.chunks.unshift(bytes);",
  },
  {
    suite: "7. Limits",
    what: "a body is cut off at twice its limit",
    find: "sink.size > sink.most ? LARGE",
    put: "sink.size > 2 * sink.most ? LARGE",
  },
  {
    suite: "8. One deadline",
    what: "the deadline does not cover the body",
    find: "this.#response = response;",
    put: "this.#response = response;\n      cancel(this.#timer);",
  },
  {
    suite: "9. Delete may be repeated",
    what: "a repetition does not wait",
    find: "this.#nap = later(milliseconds, resolve);",
    put: "this.#nap = later(0, resolve);",
  },
  {
    suite: "10. Token providers",
    what: "a token function is called twice an attempt",
    find: "() => provider(),",
    put: "() => (provider(), provider()),",
  },
  {
    suite: "11. Every call settles",
    what: "what a host object throws is not caught",
    find: "function get(value, name) {\n  try {",
    put: "function get(value, name) {\n  value?.[name];\n  try {",
  },
  {
    suite: "12. Prototype safety",
    what: "a property of the prototype counts as the object's own",
    find: "isObject(value) && Object.hasOwn(value, name) ? value[name]",
    put: "isObject(value) && name in value ? value[name]",
  },
  {
    suite: "16. Nothing crosses between callers",
    what: "the first token of all is sent",
    find: "initOf(method, this.#token, json, signal)",
    put: "initOf(method, (Call.token ??= this.#token), json, signal)",
  },
  {
    suite: "17. Signing in",
    what: "each who asks for a token signs in anew",
    file: "sign-in.js",
    find: "pending ??= enter(",
    put: "pending = enter(",
  },
];
