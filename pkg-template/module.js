// The WebAssembly module: from what it is made, and whether it belongs to these scripts.

import BUILD from "./build.js";
import { can, get } from "./own.js";

/** Bytes of a module as they are: a server that does not know .wasm must not matter. */
const isWasm = (bytes) => String.fromCharCode(...bytes.subarray(0, 4)) === "\0asm";

/** Compiles what a source gives: a module, its bytes, a response, or an address. */
export async function compile(source, signal) {
  let given = await source;
  if (typeof given === "string" || get(given, "href")) given = await fetch(given, { __proto__: null, signal });
  if (can(given, "arrayBuffer")) {
    if (get(given, "ok") === false) throw new Error(`its address answered with status ${given.status}`);
    given = await given.arrayBuffer();
  }
  if (Object.prototype.toString.call(given) === "[object WebAssembly.Module]") return given;
  // Not every engine compiles from a DataView.
  const bytes = ArrayBuffer.isView(given)
    ? new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
    : new Uint8Array(given);
  if (!isWasm(bytes)) throw new Error("what came is not a WebAssembly module");
  return WebAssembly.compile(bytes);
}

/** Refuses the module of another build: it might link all the same, and do anything. */
export function checkBuild(module) {
  const [section] = WebAssembly.Module.customSections(module, "build");
  if (section && String.fromCharCode(...new Uint8Array(section)) === BUILD) return;
  throw new Error("what came belongs to another version of this package");
}

export function decodeBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
