// Uses the packed package as its users do: node tests/package/run.js --pkg DIR --service BIN [--browser NAME] [--grep TEXT]
import { fileURLToPath } from "node:url";
import { runFolder } from "../support/suite.js";
import { closeWorld, openWorld } from "./world.js";

await runFolder(fileURLToPath(new URL(".", import.meta.url)), {
  options: { service: { type: "string" }, browser: { type: "string", default: "chromium" } },
  before: openWorld,
  after: closeWorld,
});
