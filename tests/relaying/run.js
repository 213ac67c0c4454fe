// Relays through nginx as docs/your-relay.md has it: node tests/relaying/run.js --pkg DIR --service BIN [--grep TEXT]
import { fileURLToPath } from "node:url";
import { runFolder } from "../support/suite.js";
import { closeWorld, openWorld } from "./world.js";

await runFolder(fileURLToPath(new URL(".", import.meta.url)), {
  options: { service: { type: "string" } },
  before: openWorld,
  after: closeWorld,
});
