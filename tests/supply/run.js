// What comes into the project: node tests/supply/run.js --pkg DIR [--grep TEXT]
import { fileURLToPath } from "node:url";
import { runFolder } from "../support/suite.js";

await runFolder(fileURLToPath(new URL(".", import.meta.url)), { options: { service: { type: "string" } } });
