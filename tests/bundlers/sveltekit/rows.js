import { appOf } from "../apps.js";

const { project, build, worksInWorkerd, version } = appOf("sveltekit", "@sveltejs/kit");

async function built() {
  const folder = project();
  await build(folder, "vite/bin/vite.js", ["build"]);
  await worksInWorkerd(folder, "wrangler.json", { page: true });
}

export default [{ name: "SvelteKit, Cloudflare", version, run: built }];
