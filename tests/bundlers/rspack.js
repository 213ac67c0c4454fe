import { build, rowsOf } from "./packs.js";
import { load, version } from "./world.js";

async function bundle(entry, more) {
  const { rspack } = await load("@rspack/core");
  return build(rspack, entry, more);
}

export default rowsOf("Rspack", bundle).map((row) => ({ ...row, version: () => version("@rspack/core") }));
