// Who answers sign-ins, a relay to it with an empty page, and a browser on that page.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { subject } from "../support/consumer.js";
import { openBrowser } from "../support/drivers.js";
import { start } from "../support/processes.js";
import { startKeystone } from "./keystone.js";
import { startLocal } from "./local.js";

/** Seconds that a short token lives. */
export const SHORT = 4;

export const who = {
  user: "alice",
  careful: "bob",
  password: "correct horse battery staple",
  project: "ap-southeast-3",
  /** Of a virtual MFA device, in base32. */
  secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
};

/** Filled by `openWorld`: `iam`, `relay`, `browser`, and `isKeystone`. */
export const world = {};

export async function openWorld({ service, keystone, browser }) {
  if (!service) throw new Error("Say where the service's program is: --service BIN");
  world.folder = mkdtempSync(join(tmpdir(), "npk-sign-in-"));
  world.isKeystone = keystone !== undefined;
  const folder = join(world.folder, "iam");
  mkdirSync(folder);
  const options = { folder, who, short: SHORT };
  world.iam = keystone
    ? await startKeystone({ programs: resolve(keystone), ...options })
    : await startLocal({ binary: resolve(service), ...options });

  const site = join(world.folder, "site");
  mkdirSync(join(site, "www"), { recursive: true });
  writeFileSync(join(site, "www/index.html"), "<!doctype html><title>Signing in</title>");
  symlinkSync(subject.package, join(site, "pkg"));
  const { url } = world.iam.long;
  const args = ["--listen", "127.0.0.1:0", "--upstream", url, "--upstream-iam", url, "--www", site];
  const { match, stop } = await start(resolve(service), args, { ready: /^listening on (http:\/\/\S+)\s*$/m });
  world.relay = { url: match[1], stop };
  world.browser = await openBrowser(browser);
  await world.browser.driver.get(`${world.relay.url}/www/`);
}

export async function closeWorld() {
  try {
    await world.browser?.close();
    await world.relay?.stop();
    for (const { stop } of [world.iam?.long, world.iam?.short, world.iam?.careful].filter(Boolean)) await stop();
  } finally {
    if (world.folder) rmSync(world.folder, { recursive: true, force: true });
  }
}
