import { renameSync } from "node:fs";
import { join } from "node:path";
import { documented, inPage, load, onSite, project, shakes, version } from "./world.js";

const quiet = { configFile: false, logLevel: "error" };

async function bundle(name, input, more) {
  const { build } = await load(name);
  const folder = project();
  const outDir = join(folder, `dist-${input}`);
  await build({ ...quiet, ...more, root: folder, build: { outDir, rollupOptions: { input: join(folder, input) } } });
  return outDir;
}

async function inWorker(name, more) {
  const site = await bundle(name, "in-worker.html", more);
  renameSync(join(site, "in-worker.html"), join(site, "index.html"));
  await onSite(site, 1);
}

async function dev(name, path = "") {
  const { createServer } = await load(name);
  const server = await createServer({ ...quiet, root: project(), server: { port: 0, host: "127.0.0.1" } });
  await server.listen();
  try {
    await inPage(new URL(path, server.resolvedUrls.local[0]).href);
  } finally {
    await server.close();
  }
}

const older = (major) => {
  const name = `vite-${major}`;
  return [
    { name: `Vite ${major}, build`, run: async () => onSite(await bundle(name, "index.html"), 1) },
    {
      name: `Vite ${major}, worker (with worker.format)`,
      run: async () => inWorker(name, await documented("frameworks.md", "worker:")),
    },
    { name: `Vite ${major}, worker on the dev server`, run: () => dev(name, "in-worker.html") },
  ].map((row) => ({ ...row, version: () => version(name) }));
};

export default [
  ...older(6),
  ...older(7),
  ...[
    { name: "Vite, build", run: async () => onSite(await bundle("vite", "index.html"), 1) },
    { name: "Vite, worker", run: () => inWorker("vite") },
    { name: "Vite, unused import", run: () => shakes((entry) => bundle("vite", entry)) },
    { name: "Vite, dev server", run: () => dev("vite") },
  ].map((row) => ({ ...row, version: () => version("vite") })),
];
