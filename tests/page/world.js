// What the page's tests share: the service, the recorder in front of it, and one browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startService } from "../support/service.js";
import { openBrowser } from "../support/drivers.js";
import { startIam } from "./iam.js";
import { startRecorder } from "./recorder.js";

export const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
export const TOKEN = "MIIPage+Test/Token==".padEnd(2400, "aZ9+/");
export const PROJECT = "0123456789abcdef0123456789ABCDEF";
/** A second project, whose service takes the same token. */
export const OTHER = "fedcba9876543210fedcba9876543210";

/** Filled by `openWorld`: `browser`, `driver`, `recorder`, `service`, `database`, `iam`, `everyLook`, and `other`, the second project's service. */
export const world = {};

/** @param {{ pkg: string, service: string, browser: string, everyLook?: boolean }} options `pkg` is the package's folder itself */
export async function openWorld({ pkg, service, browser, everyLook = false }) {
  if (!existsSync(join(pkg, "page.js"))) throw new Error(`No package in ${pkg}: build it with "cargo xtask package".`);
  world.folder = mkdtempSync(join(tmpdir(), "npk-page-"));
  process.once("exit", () => rmSync(world.folder, { recursive: true, force: true }));
  symlinkSync(join(REPOSITORY, "www"), join(world.folder, "www"));
  symlinkSync(pkg, join(world.folder, "pkg"));
  world.binary = service;
  world.database = join(world.folder, "keys.sqlite");
  world.service = await startService({
    binary: service,
    data: world.database,
    token: TOKEN,
    projectId: PROJECT,
    args: ["--www", world.folder],
  });
  world.otherDatabase = join(world.folder, "other.sqlite");
  world.other = await startService({ binary: service, data: world.otherDatabase, token: TOKEN, projectId: OTHER });
  world.iam = await startIam(TOKEN, [PROJECT, OTHER]);
  world.recorder = await startRecorder(world.service.url, {
    [`/v1/${OTHER}/`]: world.other.url,
    "/v3/auth/": world.iam.url,
  });
  world.name = browser;
  world.everyLook = everyLook;
  await renewBrowser();
  world.screenshots = join(REPOSITORY, "target", "screenshots");
  mkdirSync(world.screenshots, { recursive: true });
}

/** Opens the browser, or another one in its place. */
export async function renewBrowser() {
  await world.browser?.close();
  world.browser = await openBrowser(world.name);
  world.driver = world.browser.driver;
}

/** A service like the first, whose page opens with `code`. */
export const startDemo = (code) =>
  startService({
    binary: world.binary,
    data: join(world.folder, `${code}.sqlite`),
    token: TOKEN,
    projectId: PROJECT,
    args: ["--www", world.folder],
    env: { NODE_PROVIDER_DEMO_CODE: code },
  });

export async function closeWorld() {
  await world.browser?.close();
  await world.recorder?.close();
  await world.iam?.close();
  for (const service of [world.service, world.other]) {
    const code = await service?.stop();
    if (service) assert.equal(code, 0, "the service ends with 0 after SIGTERM");
  }
}

function inspect(what, path) {
  try {
    return JSON.parse(
      execFileSync("python3", [fileURLToPath(new URL("inspect.py", import.meta.url)), what, path], {
        encoding: "utf8",
      }),
    );
  } catch (error) {
    if (error.code === "ENOENT")
      throw new Error("python3 was not found; it reads the database. On Debian: apt-get install python3.");
    throw error;
  }
}

/** The keys in the service's database, oldest first; bytes as hex. */
export const rows = () => inspect("rows", world.database);

/** The same of the other project. */
export const otherRows = () => inspect("rows", world.otherDatabase);

/** The names in a ZIP, and the rows of its `credential.csv`; fails when the ZIP is damaged. */
export const unzip = (path) => inspect("zip", path);

/** The finished downloads as `{ name, path, bytes }`. */
export function downloads() {
  const folder = world.browser.downloads;
  return readdirSync(folder)
    .filter((name) => !/^\.|\.(crdownload|part|tmp)$/.test(name))
    .map((name) => ({ name, path: join(folder, name), bytes: readFileSync(join(folder, name)) }));
}

/** Waits until `check` answers something true, and returns it. */
export const eventually = (check, what) =>
  world.driver.wait(async () => (await check()) || false, 15_000, `never happened: ${what}`, 20);

/** Waits for a download, the only one since `clearDownloads`, to be complete. */
export async function onlyDownload(size) {
  await eventually(() => downloads().some(({ bytes }) => bytes.length === size), `a download of ${size} bytes`);
  assert.equal(downloads().length, 1, "one download");
  return downloads()[0];
}

export function clearDownloads() {
  for (const { path } of downloads()) rmSync(path);
}
