// Edge runtimes behind Next compile modules at build time, and nothing at run time.

import module from "./node_provider_keys.wasm?module";
import { client } from "./client.js";

export { ApiKeyError, isApiKeyError } from "./error.js";
export { saveFile } from "./save.js";

const keys = /* @__PURE__ */ client(module);

// A function each, since bundlers keep all of a module that takes an object apart.
export const createApiKey = (options) => keys.createApiKey(options);
export const deleteApiKey = (options) => keys.deleteApiKey(options);
export const listApiKeys = (options) => keys.listApiKeys(options);
export const readCredentials = (file) => keys.readCredentials(file);
export const init = (source) => keys.init(source);
