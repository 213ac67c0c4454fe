// Signs in at the local service, or at a real Keystone: node tests/sign-in/run.js --pkg DIR --service BIN [--keystone BIN] [--grep TEXT]
import { fileURLToPath } from "node:url";
import { runFolder } from "../support/suite.js";
import { closeWorld, openWorld } from "./world.js";

await runFolder(fileURLToPath(new URL(".", import.meta.url)), {
  options: {
    service: { type: "string" },
    keystone: { type: "string" },
    browser: { type: "string", default: "chromium" },
  },
  before: openWorld,
  after: closeWorld,
});
