// What a browser downloads for the two calls: each file minified and by gzip -9.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, wasmOf } from "./bundle.js";

/** The most bytes of each part of the package. */
export const budget = JSON.parse(readFileSync(new URL("./budget.json", import.meta.url), "utf8"));

/** The app with the two calls. */
export const CALLS = `export { createApiKey, deleteApiKey } from "node-provider-keys";`;

export const zipped = (bytes) => execFileSync("gzip", ["-9nc"], { input: bytes, maxBuffer: 1 << 26 }).length;
const sum = (files) => [...files.values()].reduce((total, bytes) => total + zipped(bytes), 0);

/** Bytes of the package: `script`, `wasm`, `total`; and `fallback`, which only loads where the wasm does not. */
export async function sizeOfPackage(folder) {
  const { first, later } = await bundle(folder, CALLS);
  const [script, wasm] = [sum(first), zipped(wasmOf(folder))];
  return { script, wasm, total: script + wasm, fallback: sum(later) };
}

/** Bytes of another client with what makes these two calls of it, and with its module if it has one. */
export async function sizeOfPeer(folder, peer) {
  const { first } = await bundle(folder, `export { connect } from "./peers/${peer}.js";`);
  const wasm = join(folder, peer, `${peer}_bg.wasm`);
  return sum(first) + (existsSync(wasm) ? zipped(readFileSync(wasm)) : 0);
}
