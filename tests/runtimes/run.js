// Uses the packed package in every runtime: node tests/runtimes/run.js --pkg DIR --service BIN --tools DIR [--grep TEXT] [--record]
//   --tools DIR   where the packages of tests/runtimes/package-lock.json are installed
//   --grep TEXT   only the consumers whose names have it
//   --record      write the versions that ran into docs/runtimes.md, if all passed
import { runSuite } from "../support/matrix.js";
import browsers from "./browsers.js";
import { check } from "./check.js";
import processes from "./processes.js";
import workerd from "./workerd.js";
import { closeWorld, openWorld } from "./world.js";

// `checks` has who looks at the outcome itself.
const consumers = [...processes, ...workerd, ...browsers].map(({ name, run, checks }) => ({
  name,
  run: async () => {
    const result = await run();
    if (!checks) check(result, name);
    return result;
  },
}));

await runSuite("runtimes", consumers, { open: openWorld, close: closeWorld });
