import { cpSync } from "node:fs";
import { join } from "node:path";
import { load, onNode, onSite, project, shakes, version } from "./world.js";

async function bundle(entry, browser) {
  const [{ rollup }, { nodeResolve }] = [await load("rollup"), await load("@rollup/plugin-node-resolve")];
  const folder = project();
  const build = await rollup({ input: join(folder, entry), plugins: [nodeResolve({ browser })], logLevel: "silent" });
  try {
    await build.write({
      dir: join(folder, "out"),
      format: "es",
      entryFileNames: entry === "page.js" ? "page.js" : "app.js",
    });
  } finally {
    await build.close();
  }
  cpSync(join(folder, "index.html"), join(folder, "out/index.html"));
  return join(folder, "out");
}

export default [
  { name: "Rollup, build for browsers", run: async () => onSite(await bundle("page.js", true), 0) },
  { name: "Rollup, build for Node", run: async () => onNode(join(await bundle("node.js", false), "app.js")) },
  { name: "Rollup, unused import", run: () => shakes((entry) => bundle(entry, true)) },
].map((row) => ({ ...row, version: () => version("rollup") }));
