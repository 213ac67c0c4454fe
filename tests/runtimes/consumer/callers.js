// Several callers at once, each in a context of its own, on a cold package and then on the warm one.
import { readFile } from "node:fs/promises";
import * as keys from "node-provider-keys";
import { strays } from "./contexts.js";
import { version } from "./process.js";

const module = await WebAssembly.compile(await readFile("node_modules/node-provider-keys/node_provider_keys.wasm"));
const cold = await strays(keys, "create", module);
const warm = await strays(keys, "create", module);
console.log(JSON.stringify({ version, cold, warm }));
