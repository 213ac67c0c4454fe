import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { assert } from "chai";
import { documented, load, onNode, onSite, project, shakes, version } from "./world.js";

async function bundle(entry, browser, output = { format: "es" }) {
  const [{ rollup }, { nodeResolve }] = [await load("rollup"), await load("@rollup/plugin-node-resolve")];
  const folder = project();
  const build = await rollup({ input: join(folder, entry), plugins: [nodeResolve({ browser })], logLevel: "silent" });
  try {
    await build.write({
      dir: join(folder, "out"),
      ...output,
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
  ...["iife", "umd", "es"].map((format) => ({
    name: `Rollup, one ${format} file (with inlineDynamicImports)`,
    run: async () => {
      const { output } = await documented("frameworks.md", "inlineDynamicImports");
      const site = await bundle("page.js", true, { ...output, format });
      assert.deepEqual(readdirSync(site).sort(), ["index.html", "page.js"]);
      await onSite(site, 0);
    },
  })),
  { name: "Rollup, build for Node", run: async () => onNode(join(await bundle("node.js", false), "app.js")) },
  { name: "Rollup, unused import", run: () => shakes((entry) => bundle(entry, true)) },
].map((row) => ({ ...row, version: () => version("rollup") }));
