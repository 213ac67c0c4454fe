// Node, Deno, Bun and everything else that is not a browser: the module comes along as text, which
// survives every bundler.

import { host } from "./bytes.js";
import base64 from "./wasm-base64.js";
import { Call } from "./call.js";
import { client } from "./client.js";
import { load } from "./init.js";
import { inflating, KeyFile } from "./keyfile.js";
import { listOf } from "./list.js";
import { decodeBase64 } from "./module.js";
import { ANOTHER_TOOL, MAY_BE_DELETED, MAY_EXIST, NOTHING_CHANGED } from "./sentences.js";

export { ApiKeyError, isApiKeyError } from "./error.js";
export { saveFile } from "./save.js";

// Test environments that play a browser keep these to themselves; Node has them still.
const builtin = (name) => globalThis.process?.getBuiltinModule?.(name) ?? globalThis;
host.coders = builtin("node:util");
inflating.streams = builtin("node:stream/web");

const keys = /* @__PURE__ */ client(() =>
  // Node makes atob at its first use, which fails where globalThis is frozen.
  typeof Buffer === "function" ? Buffer.from(base64, "base64") : decodeBase64(base64),
);

// A function each, so that what an app does not call shakes away.
export const createApiKey = (options) => keys.run("createApiKey", new Call(options), MAY_EXIST);
export const deleteApiKey = (options) => keys.run("deleteApiKey", new Call(options), MAY_BE_DELETED);
export const listApiKeys = (options) => keys.run("listApiKeys", new Call(options, listOf), NOTHING_CHANGED);
export const readCredentials = (file) => keys.run("readCredentials", new KeyFile(file), ANOTHER_TOOL);
export const init = (source) => load(keys, source);

// For the entry `node-provider-keys/sign-in` alone.
export { Call as _Call, keys as _keys };
