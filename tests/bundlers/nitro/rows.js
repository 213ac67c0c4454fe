import { join } from "node:path";
import { appOf } from "../apps.js";

const { project, build, works, worksInWorkerd, version } = appOf("nitro", "nitro");

async function built(preset) {
  const folder = project({
    "nitro.config.js": `export default { preset: "${preset}", compatibilityDate: "2026-10-01", cloudflare: { deployConfig: true } };\n`,
  });
  await build(folder, "nitro/dist/cli/index.mjs", ["build"]);
  return folder;
}

async function onNode() {
  const folder = await built("node-server");
  await works(folder, { program: join(folder, ".output/server/index.mjs"), ready: /Listening on/ });
}

export default [
  { name: "Nitro 3, Node", version, run: onNode },
  {
    name: "Nitro 3, Cloudflare",
    version,
    run: async () => worksInWorkerd(await built("cloudflare-module"), ".output/server/wrangler.json"),
  },
];
