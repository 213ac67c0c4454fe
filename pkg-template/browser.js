// Browsers: the module is fetched beside this script. Where a bundler or a server lost it, its copy as text is imported.

import { Call } from "./call.js";
import { client } from "./client.js";
import { KeyFile } from "./keyfile.js";
import { listOf } from "./list.js";
import { bytesOf, decodeBase64 } from "./module.js";
import { sourceOf } from "./source.js";

export { ApiKeyError, isApiKeyError } from "./error.js";
export { saveFile } from "./save.js";

const keys = /* @__PURE__ */ client(
  async (signal) =>
    bytesOf(await fetch(new URL("./node_provider_keys.wasm", import.meta.url), { __proto__: null, signal })),
  async () => decodeBase64((await import("./wasm-base64.js")).default),
);

// A function each, so that what an app does not call shakes away.
export const createApiKey = (options) => keys.run("createApiKey", new Call(options));
export const deleteApiKey = (options) => keys.run("deleteApiKey", new Call(options));
export const listApiKeys = (options) => keys.run("listApiKeys", new Call(options, listOf));
export const readCredentials = (file) => keys.run("readCredentials", new KeyFile(file));
export const init = (source) => keys.init(sourceOf(source));
