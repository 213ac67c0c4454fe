import { join } from "node:path";
import { REPOSITORY } from "../../support/consumer.js";
import { example } from "../../support/examples.js";
import { appOf } from "../apps.js";

const { project, build, worksInWorkerd, version } = appOf("opennext", "@opennextjs/cloudflare");

async function built() {
  const folder = project({
    // OpenNext has this script run Next.
    "package.json": `{ "private": true, "type": "module", "scripts": { "build": "next build" } }\n`,
    "next.config.js": example(join(REPOSITORY, "docs/frameworks.md"), "js", "serverExternalPackages"),
  });
  await build(folder, "@opennextjs/cloudflare/dist/cli/index.js", ["build"]);
  await worksInWorkerd(folder, "wrangler.json", { page: true });
}

export default [{ name: "OpenNext, Cloudflare (with serverExternalPackages)", version, run: built }];
