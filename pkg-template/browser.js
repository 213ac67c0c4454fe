// Browsers: the module is fetched beside this script. Where a bundler or a server lost it, its copy
// as text is imported.

import { client } from "./client.js";
import { decode, isWasm } from "./module.js";

export { ApiKeyError, isApiKeyError } from "./error.js";
export { saveFile } from "./save.js";
export const { createApiKey, deleteApiKey, readCredentials, init } = /* @__PURE__ */ client(async () => {
  try {
    const bytes = await (await fetch(new URL("./node_provider_keys.wasm", import.meta.url))).arrayBuffer();
    if (isWasm(bytes)) return bytes;
  } catch {
    // Offline, or fetching is not allowed here: the import below may be.
  }
  return decode((await import("./wasm-base64.js")).default);
});
