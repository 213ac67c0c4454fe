import { join } from "node:path";
import { inPage, load, onSite, project, shakes, version } from "./world.js";

const quiet = { configFile: false, logLevel: "error" };

async function bundle(input, folder = project()) {
  const { build } = await load("vite");
  const outDir = join(folder, `dist-${input}`);
  await build({ ...quiet, root: folder, build: { outDir, rollupOptions: { input: join(folder, input) } } });
  return outDir;
}

async function dev() {
  const { createServer } = await load("vite");
  const server = await createServer({ ...quiet, root: project(), server: { port: 0, host: "127.0.0.1" } });
  await server.listen();
  try {
    await inPage(server.resolvedUrls.local[0]);
  } finally {
    await server.close();
  }
}

export default [
  { name: "Vite, build", run: async () => onSite(await bundle("index.html"), 1) },
  { name: "Vite, unused import", run: () => shakes(bundle) },
  { name: "Vite, dev server", run: dev },
].map((row) => ({ ...row, version: () => version("vite") }));
