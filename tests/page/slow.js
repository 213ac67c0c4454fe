// How long a slow line takes until the first key is listed: node tests/page/slow.js --service BIN [--pkg DIR] [--www DIR]
//
// With --www it takes another page, too, such as an earlier one, and prints the part of its time that this one takes.
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openBrowser } from "../support/drivers.js";
import { startService } from "../support/service.js";
import { PROJECT, REPOSITORY, TOKEN } from "./world.js";

const { values } = parseArgs({
  options: { service: { type: "string" }, pkg: { type: "string" }, www: { type: "string" } },
});
if (!values.service) {
  console.error("Say where the service's program is: --service BIN");
  process.exit(2);
}

/** What Chromium's developer tools call "Slow 3G": milliseconds a request, and bytes a second. */
const SLOW = { offline: false, latency: 2000, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const RUNS = 3;
const LONGEST = 120_000;
const LISTED = "return document.querySelector('#rows [data-id]') !== null";
const LOADED = `
return performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
  .map(({ transferSize }) => transferSize)`;

const pkg = values.pkg ? resolve(values.pkg, "node_modules/node-provider-keys") : join(REPOSITORY, "pkg");

/** Serves a page as its users get it, with one key to list. */
async function serve(www) {
  const folder = mkdtempSync(join(tmpdir(), "npk-slow-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(www, join(folder, "www"));
  symlinkSync(pkg, join(folder, "pkg"));
  const service = await startService({
    binary: resolve(values.service),
    data: join(folder, "keys.sqlite"),
    token: TOKEN,
    projectId: PROJECT,
    args: ["--www", folder],
  });
  const made = await fetch(`${service.url}/v1/${PROJECT}/node-provider/credentials`, {
    method: "POST",
    headers: { "x-auth-token": TOKEN, "content-type": "application/json" },
    body: "{}",
  });
  await made.arrayBuffer();
  return service;
}

/** The middle of some runs, each with an empty cache, in seconds. */
async function measure({ driver, devTools }, { url }) {
  const times = [];
  let loaded;
  for (let run = 0; run < RUNS; run += 1) {
    await driver.get("about:blank");
    await devTools("Network.clearBrowserCache", {});
    const begun = performance.now();
    await driver.get(`${url}/www/#token=${encodeURIComponent(TOKEN)}&projectId=${PROJECT}`);
    await driver.wait(() => driver.executeScript(LISTED), LONGEST, "no key was listed", 50);
    times.push((performance.now() - begun) / 1000);
    loaded = await driver.executeScript(LOADED);
  }
  const seconds = times.sort((a, b) => a - b)[RUNS >> 1];
  const bytes = loaded.reduce((sum, size) => sum + size, 0);
  return { seconds, files: loaded.length, bytes };
}

const pages = [join(REPOSITORY, "www"), ...(values.www ? [resolve(values.www)] : [])];
const browser = await openBrowser("chromium");
await browser.driver.manage().setTimeouts({ pageLoad: LONGEST });
await browser.devTools("Network.enable", {});
await browser.devTools("Network.emulateNetworkConditions", SLOW);
const results = [];
for (const www of pages) {
  const service = await serve(www);
  const { seconds, files, bytes } = await measure(browser, service);
  console.log(`${www}: ${seconds.toFixed(1)} s to the first listed key, ${files} requests, ${bytes} bytes`);
  results.push(seconds);
  await service.stop();
}
if (results.length > 1) console.log(`The first takes ${(results[0] / results[1]).toFixed(2)} of the second's time.`);
await browser.close();
process.exit(0);
