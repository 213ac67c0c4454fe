// Node, Deno, Bun and everything else that is no browser: the module comes along as text, which
// survives every bundler.

import base64 from "./wasm-base64.js";
import { client } from "./client.js";
import { decode } from "./module.js";

export { ApiKeyError, isApiKeyError } from "./error.js";
export { saveFile } from "./save.js";

const keys = /* @__PURE__ */ client(() =>
  // Node makes atob at its first use, which fails where globalThis is frozen.
  typeof Buffer === "function" ? Buffer.from(base64, "base64") : decode(base64),
);

// A function each, since bundlers keep all of a module that takes an object apart.
export const createApiKey = (options) => keys.createApiKey(options);
export const deleteApiKey = (options) => keys.deleteApiKey(options);
export const listApiKeys = (options) => keys.listApiKeys(options);
export const readCredentials = (file) => keys.readCredentials(file);
export const init = (source) => keys.init(source);
