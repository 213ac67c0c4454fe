// Uses the crate as wasm-pack builds it: node tests/crate/run.js --built DIR [--grep TEXT]
import { fileURLToPath } from "node:url";
import { runFolder } from "../support/suite.js";
import { open } from "./world.js";

await runFolder(fileURLToPath(new URL(".", import.meta.url)), {
  options: { built: { type: "string" } },
  needsPackage: false,
  before: ({ built }) => open(built),
});
