// The WebAssembly module: from what it is made, and whether it belongs to these scripts.

import BUILD from "./build.js";
import { get, quietly } from "./own.js";

/** Compiles bytes as they are: a server that does not know .wasm must not matter. What is compiled stays that. */
export async function compile(given) {
  if (quietly(() => WebAssembly.Module.exports(given))) return given;
  return WebAssembly.compile(new Uint8Array(given));
}

/** The bytes of a response. */
export async function bytesOf(response) {
  if (get(response, "ok") === false) throw new Error(`it was answered with status ${response.status}`);
  return response.arrayBuffer();
}

/** Refuses the module of another build: it might link all the same, and do anything. */
export function checkBuild(module) {
  const section = WebAssembly.Module.customSections(module, "build")[0];
  if (section && String.fromCharCode(...new Uint8Array(section)) === BUILD) return;
  throw new Error("it belongs to another version");
}

export function decodeBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
