// What these tests share: the service, a site in front of it, and a user's program.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { REPOSITORY, project } from "../support/consumer.js";
import { example } from "../support/examples.js";
import { startService } from "../support/service.js";
import { startSite } from "../support/site.js";
import { PROJECT } from "./check.js";

const CONSUMER = fileURLToPath(new URL("./consumer/", import.meta.url));
const CONTEXTS = fileURLToPath(new URL("../support/contexts.js", import.meta.url));
/** The longest that the contract allows. */
const TOKEN = "MIIRuntime+Test/".padEnd(65_535, "aZ9+/");

/** Filled by `openWorld`: `service`, `site`, `tools` (a node_modules folder). */
export const world = {};

export async function openWorld({ service, tools }) {
  if (!service) throw new Error("Say where the service's program is: --service BIN");
  world.tools = join(resolve(tools), "node_modules");
  if (!existsSync(world.tools))
    throw new Error(
      `The runtimes are not installed in ${tools}: copy package.json and package-lock.json of tests/runtimes there and run npm ci.`,
    );
  world.folder = mkdtempSync(join(tmpdir(), "npk-runtimes-"));
  world.service = await startService({
    binary: resolve(service),
    data: join(world.folder, "keys.sqlite"),
    token: TOKEN,
    projectId: PROJECT,
  });
  world.site = await startSite(world.service.url);
}

export async function closeWorld() {
  try {
    await world.site?.close();
    const code = await world.service?.stop();
    if (world.service) assert.equal(code, 0, "the service ends with 0 after SIGTERM");
  } finally {
    if (world.folder) rmSync(world.folder, { recursive: true, force: true });
  }
}

export const request = () => ({ projectId: PROJECT, token: TOKEN });
/** What a process is told of the service. */
export const environment = () => ({ ENDPOINT: world.service.url, PROJECT_ID: PROJECT, TOKEN });

/** A user's project with the package installed and the programs of `consumer/`, the shared ones also for `require`, and what docs/node.md prints for Jest. */
export function program() {
  const folder = project({ "package.json": `{ "private": true, "type": "module" }\n` });
  cpSync(CONSUMER, folder, { recursive: true });
  cpSync(CONTEXTS, join(folder, "contexts.js"));
  for (const name of ["consume", "process"]) {
    const { code } = transformSync(readFileSync(join(folder, `${name}.js`), "utf8"), { format: "cjs" });
    writeFileSync(join(folder, `${name}.cjs`), code);
  }
  const environment = example(join(REPOSITORY, "docs/node.md"), "js", `require("jest-environment-jsdom")`);
  writeFileSync(join(folder, "jest-jsdom.cjs"), environment);
  return folder;
}
