// The crate's exports, as wasm-bindgen hands them out.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** @type {any} */
export let crate;

/** @param {string} built the folder that wasm-pack wrote */
export async function open(built) {
  crate = await import(pathToFileURL(join(built, "node_provider_keys.js")));
  crate.initSync({ module: readFileSync(join(built, "node_provider_keys_bg.wasm")) });
}
