import { join } from "node:path";
import { REPOSITORY } from "../../support/consumer.js";
import { example } from "../../support/examples.js";
import { appOf } from "../apps.js";

const { project, build, works, worksInWorkerd, version } = appOf("nuxt", "nuxt");

async function built(configuration) {
  const folder = project({ "nuxt.config.js": configuration });
  await build(folder, "nuxt/bin/nuxt.mjs", ["build"]);
  return folder;
}

async function onNode() {
  const folder = await built(`export default { compatibilityDate: "2026-10-01" };\n`);
  await works(folder, { program: join(folder, ".output/server/index.mjs"), ready: /Listening on/, page: true });
}

const onCloudflare = async () =>
  worksInWorkerd(
    await built(example(join(REPOSITORY, "docs/frameworks.md"), "js", "cloudflare_module")),
    ".output/server/wrangler.json",
    { page: true },
  );

export default [
  { name: "Nuxt, Node", version, run: onNode },
  { name: "Nuxt, Cloudflare (with experimental.wasm)", version, run: onCloudflare },
];
