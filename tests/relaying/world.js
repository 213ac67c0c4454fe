// The service that is relayed.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { subject } from "../support/consumer.js";
import { startService } from "../support/service.js";

/** The longest that the contract allows. */
const TOKEN = "MIIRelayed+Test/".padEnd(65_535, "aZ9+/");
const PROJECT = "0123456789abcdef0123456789ABCDEF";

/** Filled by `openWorld`: `given` is what a relay's tests need, `folder` one of the run's own. */
export const world = {};

export async function openWorld({ service }) {
  if (!service) throw new Error("Say where the service's program is: --service BIN");
  world.folder = mkdtempSync(join(tmpdir(), "npk-relaying-"));
  world.service = await startService({
    binary: resolve(service),
    data: join(world.folder, "keys.sqlite"),
    token: TOKEN,
    projectId: PROJECT,
  });
  const keys = createRequire(join(subject.package, "x.js"))(subject.package);
  world.given = { service: world.service.url, projectId: PROJECT, token: TOKEN, keys };
}

export async function closeWorld() {
  try {
    await world.service?.stop();
  } finally {
    if (world.folder) rmSync(world.folder, { recursive: true, force: true });
  }
}
