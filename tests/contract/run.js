// Checks three readings of one contract, the client's, the service's and the description's:
// node tests/contract/run.js --pkg DIR --service BIN --tools DIR --python DIR --examples N
//   --tools DIR    where the packages of tests/contract/package-lock.json are installed
//   --python DIR   the programs of an environment with tests/contract/requirements.txt
//   --examples N   how many requests schemathesis makes at least
import { fileURLToPath } from "node:url";
import { runFolder } from "../support/suite.js";
import { closeWorld, openWorld } from "./world.js";

const text = { type: "string" };
await runFolder(fileURLToPath(new URL(".", import.meta.url)), {
  options: { service: text, tools: text, python: text, examples: text },
  before: openWorld,
  after: closeWorld,
});
