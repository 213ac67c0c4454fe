// What these tests share: the service, a site in front of it, and one browser.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openBrowser } from "../support/drivers.js";
import { within } from "../support/processes.js";
import { startService } from "../support/service.js";
import { startSite } from "../support/site.js";

/** The longest that the contract allows. */
export const TOKEN = "MIIPackage+Test/".padEnd(65_535, "aZ9+/");
export const PROJECT = "0123456789abcdef0123456789ABCDEF";

/** Filled by `openWorld`: `service`, `site`, `browser`. */
export const world = {};

export async function openWorld({ service, browser }) {
  if (!service) throw new Error("Say where the service's program is: --service BIN");
  world.folder = mkdtempSync(join(tmpdir(), "npk-package-"));
  world.binary = resolve(service);
  world.service = await startService({
    binary: world.binary,
    data: join(world.folder, "keys.sqlite"),
    token: TOKEN,
    projectId: PROJECT,
  });
  world.site = await startSite(world.service.url);
  world.browser = await openBrowser(browser);
}

export async function closeWorld() {
  try {
    await within(
      60_000,
      "closing browser and service",
      (async () => {
        await world.browser?.close();
        await world.site?.close();
        const code = await world.service?.stop();
        if (world.service) assert.equal(code, 0, "the service ends with 0 after SIGTERM");
      })(),
    );
  } finally {
    if (world.folder) rmSync(world.folder, { recursive: true, force: true });
  }
}

/** What the programs under test are told of the service. */
export const environment = () => ({ ENDPOINT: world.service.url, PROJECT_ID: PROJECT, TOKEN });
