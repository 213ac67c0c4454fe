// Bundles the packed package and runs what comes out: node tests/bundlers/run.js --pkg DIR --service BIN --tools DIR [--grep TEXT] [--record]
//   --tools DIR   where the packages of tests/bundlers/package-lock.json are installed
//   --grep TEXT   only the consumers whose names have it
//   --record      write the versions that ran into docs/runtimes.md, if all passed
import { runSuite } from "../support/matrix.js";
import esbuild from "./esbuild.js";
import next from "./next.js";
import parcel from "./parcel.js";
import rollup from "./rollup.js";
import vite from "./vite.js";
import webpack from "./webpack.js";
import { closeWorld, openWorld } from "./world.js";

const consumers = [...vite, ...webpack, ...rollup, ...esbuild, ...parcel, ...next].map(({ name, version, run }) => ({
  name,
  run: async () => {
    await run();
    return { version: version() };
  },
}));

await runSuite("bundlers", consumers, { open: openWorld, close: closeWorld });
