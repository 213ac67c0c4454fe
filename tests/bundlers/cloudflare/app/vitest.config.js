import { cloudflareTest } from "@cloudflare/vitest-pool-workers";

const bindings = { REQUEST: process.env.REQUEST };

export default {
  plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.json" }, miniflare: { bindings } })],
  test: { include: ["pool.test.js"] },
};
