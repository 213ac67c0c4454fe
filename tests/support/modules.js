// The package's module as it should not come to a page.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assert } from "chai";
import { subject } from "./consumer.js";

const module = () => readFileSync(join(subject.package, "node_provider_keys.wasm"));

/** That of another build: it compiles and would link, but is named otherwise. */
export function ofAnotherBuild() {
  const bytes = module();
  bytes[bytes.length - 1] ^= 1;
  const names = [module(), bytes].map((it) => {
    const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(it), "build");
    return Buffer.from(section).toString();
  });
  assert.notEqual(...names);
  return bytes;
}

/** One whose end did not come. */
export const cutShort = () => module().subarray(0, -1000);

/** A site's rule under which the module is that. */
export const served = (bytes) => (path) => (path.endsWith(".wasm") ? { body: bytes } : {});
