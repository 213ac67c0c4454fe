// Cloudflare's own tools, for a worker.
import { appOf } from "../apps.js";
import { withService } from "../world.js";

const wrangler = appOf("cloudflare", "wrangler");
const vite = appOf("cloudflare", "@cloudflare/vite-plugin");
const pool = appOf("cloudflare", "@cloudflare/vitest-pool-workers");

const served = (folder, command) =>
  vite.works(folder, {
    program: vite.path("vite/bin/vite.js"),
    args: (port) => [command, "--host=127.0.0.1", `--port=${port}`, "--strictPort"],
    ready: /Local:/,
  });

async function built() {
  const folder = vite.project();
  await vite.build(folder, "vite/bin/vite.js", ["build"]);
  await served(folder, "preview");
}

const tested = () =>
  withService((request) =>
    pool.build(pool.project(), "vitest/vitest.mjs", ["run", "--config=vitest.config.js"], {
      REQUEST: JSON.stringify(request),
    }),
  );

export default [
  {
    name: "Wrangler, dev",
    version: wrangler.version,
    run: () => wrangler.worksInWorkerd(wrangler.project(), "wrangler.json"),
  },
  { name: "Cloudflare's Vite plugin, build", version: vite.version, run: built },
  { name: "Cloudflare's Vite plugin, dev server", version: vite.version, run: () => served(vite.project(), "dev") },
  { name: "Cloudflare's Vitest pool, test", version: pool.version, run: tested },
];
