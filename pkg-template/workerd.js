// workerd compiles modules itself, and nothing at run time.

import module from "./node_provider_keys.wasm";
import { client } from "./client.js";

export { ApiKeyError, isApiKeyError } from "./error.js";
export { saveFile } from "./save.js";
export const { createApiKey, deleteApiKey, readCredentials, init } = /* @__PURE__ */ client(module);
