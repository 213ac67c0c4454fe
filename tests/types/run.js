// Checks the declarations: node tests/types/run.js --pkg DIR [--grep TEXT]
import { fileURLToPath } from "node:url";
import { runFolder } from "../support/suite.js";

// The gate hands the service's program to every suite.
await runFolder(fileURLToPath(new URL(".", import.meta.url)), { options: { service: { type: "string" } } });
