// Checks the sources as text, without the package: node tests/repository/run.js [--grep TEXT]
import { fileURLToPath } from "node:url";
import { runFolder } from "../support/suite.js";

await runFolder(fileURLToPath(new URL(".", import.meta.url)), { needsPackage: false });
