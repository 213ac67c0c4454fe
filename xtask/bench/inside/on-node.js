// What some clients must be told on Node: a module that lies on the disk cannot be fetched there.
import { readFileSync } from "node:fs";

const moduleOf = (name) => ({ module: readFileSync(`${name}/${name}_bg.wasm`) });

export const ON_NODE = { gloo: moduleOf("gloo"), reqwest: moduleOf("reqwest") };
