import { cpSync } from "node:fs";
import { join } from "node:path";
import { inPage, load, onNode, onSite, project, shakes, version } from "./world.js";

async function options(entry, more) {
  const folder = project();
  return {
    entryPoints: [join(folder, entry)],
    outdir: join(folder, "out"),
    bundle: true,
    format: "esm",
    logLevel: "silent",
    ...more,
  };
}

async function bundle(entry, more) {
  const { build } = await load("esbuild");
  const given = await options(entry, { minify: true, outbase: undefined, ...more });
  await build(given);
  cpSync(join(given.outdir, "../index.html"), join(given.outdir, "index.html"));
  return given.outdir;
}

async function dev() {
  const { context } = await load("esbuild");
  const given = await options("page.js");
  const running = await context(given);
  try {
    cpSync(join(given.outdir, "../index.html"), join(given.outdir, "index.html"), { recursive: true });
    const { port } = await running.serve({ host: "127.0.0.1", port: 0, servedir: given.outdir });
    await inPage(`http://127.0.0.1:${port}/`);
  } finally {
    await running.dispose();
  }
}

export default [
  { name: "esbuild, build for browsers", run: async () => onSite(await bundle("page.js", { splitting: true }), 0) },
  {
    name: "esbuild, build for Node",
    run: async () => onNode(join(await bundle("node.js", { platform: "node" }), "node.js")),
  },
  { name: "esbuild, unused import", run: () => shakes(async (entry) => bundle(entry, { entryNames: "app" })) },
  { name: "esbuild, dev server", run: dev },
].map((row) => ({ ...row, version: () => version("esbuild") }));
