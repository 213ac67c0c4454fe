// What only compiles where the platform's types have a name for it: WebAssembly.
import * as keys from "node-provider-keys";

const module: WebAssembly.Module = new WebAssembly.Module(new Uint8Array(8));
const bytes: BufferSource = new Uint8Array(8);
const sources: keys.ModuleSource[] = [module, bytes];

export const loaded = [
  ...sources.map((source) => keys.init(source)),
  keys.init(WebAssembly.compileStreaming(fetch("https://localhost"))),
];
