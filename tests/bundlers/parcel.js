import { join } from "node:path";
import { run } from "../support/consumer.js";
import { freePort, start } from "../support/processes.js";
import { inPage, onSite, project, shakes, toolPath, version } from "./world.js";

const quiet = ["--no-cache", "--no-autoinstall"];
const parcel = (...args) => [toolPath("parcel/lib/bin.js"), ...args, ...quiet];

async function bundle(entry) {
  const folder = project();
  const { code, output, errors } = await run(
    process.execPath,
    parcel("build", entry, "--no-source-maps", "--dist-dir=out"),
    { cwd: folder },
  );
  if (code !== 0) throw new Error(`${errors}${output}`);
  return join(folder, "out");
}

async function dev() {
  const port = await freePort();
  const server = await start(
    process.execPath,
    parcel("serve", "index.html", `--port=${port}`, "--host=127.0.0.1", "--no-hmr"),
    { cwd: project(), ready: /Built in|Build failed/, limit: 90_000 },
  );
  try {
    await inPage(`http://127.0.0.1:${port}/`);
  } finally {
    server.kill();
  }
}

export default [
  { name: "Parcel, build", run: async () => onSite(await bundle("index.html"), 1) },
  { name: "Parcel, unused import", run: () => shakes(bundle) },
  { name: "Parcel, dev server", run: dev },
].map((row) => ({ ...row, version: () => version("parcel") }));
