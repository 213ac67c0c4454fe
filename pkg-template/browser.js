// Browsers: the module is fetched beside this script. Where a bundler or a server lost it, its copy
// as text is imported.

import { client } from "./client.js";
import { decode, isWasm } from "./module.js";

export { ApiKeyError, isApiKeyError } from "./error.js";
export { saveFile } from "./save.js";

const keys = /* @__PURE__ */ client(async () => {
  try {
    const response = await fetch(new URL("./node_provider_keys.wasm", import.meta.url));
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (isWasm(bytes)) return bytes;
  } catch {
    // Offline, or fetching is not allowed here: the import below may be.
  }
  return decode((await import("./wasm-base64.js")).default);
});

// A function each, since bundlers keep all of a module that takes an object apart.
export const createApiKey = (options) => keys.createApiKey(options);
export const deleteApiKey = (options) => keys.deleteApiKey(options);
export const listApiKeys = (options) => keys.listApiKeys(options);
export const readCredentials = (file) => keys.readCredentials(file);
export const init = (source) => keys.init(source);
