// Bundles the packed package and runs what comes out: node tests/bundlers/run.js --pkg DIR --service BIN --tools DIR --app NAME=DIR… [--grep TEXT] [--record]
//   --tools DIR   where the packages of tests/bundlers/package-lock.json are installed
//   --app NAME=DIR where those of tests/bundlers/NAME/package-lock.json are, for each such folder
//   --grep TEXT   only the consumers whose names have it
//   --record      write the versions that ran into docs/runtimes.md, if all passed
import { runSuite } from "../support/matrix.js";
import angular from "./angular/rows.js";
import cloudflare from "./cloudflare/rows.js";
import esbuild from "./esbuild.js";
import next from "./next.js";
import nitro from "./nitro/rows.js";
import nuxt from "./nuxt/rows.js";
import opennext from "./opennext/rows.js";
import parcel from "./parcel.js";
import rollup from "./rollup.js";
import rspack from "./rspack.js";
import sveltekit from "./sveltekit/rows.js";
import vite from "./vite.js";
import webpack from "./webpack.js";
import { closeWorld, openWorld } from "./world.js";

const consumers = [
  ...vite,
  ...webpack,
  ...rspack,
  ...rollup,
  ...esbuild,
  ...parcel,
  ...next,
  ...angular,
  ...nuxt,
  ...nitro,
  ...sveltekit,
  ...opennext,
  ...cloudflare,
].map(({ name, version, run }) => ({
  name,
  run: async () => {
    await run();
    return { version: version() };
  },
}));

await runSuite("bundlers", consumers, { open: openWorld, close: closeWorld });
