// What some clients must be told on Node: a module that lies on the disk cannot be fetched there.
import { readFileSync } from "node:fs";

export const ON_NODE = { gloo: { module: readFileSync("gloo/gloo_bg.wasm") } };
