// workerd compiles modules itself, and nothing at run time. It takes names as they are: no `?module`, as edge.js has it.

import module from "./node_provider_keys.wasm";
import { Call } from "./call.js";
import { client } from "./client.js";
import { load } from "./init.js";
import { KeyFile } from "./keyfile.js";
import { listOf } from "./list.js";
import { ANOTHER_TOOL, MAY_BE_DELETED, MAY_EXIST, NOTHING_CHANGED } from "./sentences.js";

export { ApiKeyError, isApiKeyError } from "./error.js";
export { saveFile } from "./save.js";

const keys = /* @__PURE__ */ client(() => module);

// A function each, so that what an app does not call shakes away.
export const createApiKey = (options) => keys.run("createApiKey", new Call(options), MAY_EXIST);
export const deleteApiKey = (options) => keys.run("deleteApiKey", new Call(options), MAY_BE_DELETED);
export const listApiKeys = (options) => keys.run("listApiKeys", new Call(options, listOf), NOTHING_CHANGED);
export const readCredentials = (file) => keys.run("readCredentials", new KeyFile(file), ANOTHER_TOOL);
export const init = (source) => load(keys, source);

// For the entry `node-provider-keys/sign-in` alone.
export { Call as _Call, keys as _keys };
