// What init() takes: a module, its bytes, a response with them, or an address; or a promise of one.

import { ApiKeyError } from "./error.js";
import { bytesOf } from "./module.js";
import { can, get } from "./own.js";

/** The same as a function that gives the module or its bytes. */
const sourceOf = (given) =>
  given &&
  (async (signal) => {
    let source = await given;
    if (typeof source === "string" || get(source, "href")) source = await fetch(source, { __proto__: null, signal });
    if (can(source, "arrayBuffer")) return bytesOf(source);
    // Not every engine compiles from a DataView.
    return ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : source;
  });

/** Loads the module before the first call. */
export async function load(keys, given) {
  if (keys.isLoaded()) return;
  const { promise, leave } = keys.join(sourceOf(given));
  try {
    await promise;
  } catch (error) {
    throw new ApiKeyError(keys.whyNotLoaded("init", error));
  } finally {
    leave();
  }
}
