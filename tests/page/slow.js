// How long a slow line takes until the first key is listed: node tests/page/slow.js --service BIN [--pkg DIR]
import { resolve, join } from "node:path";
import { parseArgs } from "node:util";
import { By } from "selenium-webdriver";
import { PROJECT, REPOSITORY, TOKEN, closeWorld, openWorld, world } from "./world.js";

const { values } = parseArgs({ options: { service: { type: "string" }, pkg: { type: "string" } } });
if (!values.service) {
  console.error("Say where the service's program is: --service BIN");
  process.exit(2);
}

/** What Chromium's developer tools call "Slow 3G": milliseconds a request, and bytes a second. */
const SLOW = { offline: false, latency: 2000, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const RUNS = 3;

await openWorld({
  pkg: values.pkg ? resolve(values.pkg, "node_modules/node-provider-keys") : join(REPOSITORY, "pkg"),
  service: resolve(values.service),
  browser: "chromium",
});
const made = await fetch(`${world.service.url}/v1/${PROJECT}/node-provider/credentials`, {
  method: "POST",
  headers: { "x-auth-token": TOKEN, "content-type": "application/json" },
  body: "{}",
});
await made.arrayBuffer();
await world.browser.devTools("Network.enable", {});
for (let run = 0; run < RUNS; run += 1) {
  await world.driver.get("about:blank");
  await world.browser.devTools("Network.emulateNetworkConditions", SLOW);
  const begun = performance.now();
  world.recorder.reset();
  await world.driver.manage().setTimeouts({ pageLoad: 120_000 });
  await world.driver.get(`${world.recorder.url}/www/#token=${encodeURIComponent(TOKEN)}&projectId=${PROJECT}`);
  await world.driver.wait(
    async () => (await world.driver.findElements(By.css("#rows [data-id]"))).length > 0,
    120_000,
    "no key was listed",
    50,
  );
  const seconds = (performance.now() - begun) / 1000;
  console.log(`${seconds.toFixed(1)} s to the first listed key, ${world.recorder.files.length} files`);
}
await closeWorld();
process.exit(0);
