// What these tests share: one browser, projects beside the bundlers, and the service for whoever asks.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { assert } from "chai";
import { REPOSITORY, run, subject } from "../support/consumer.js";
import { openBrowser } from "../support/drivers.js";
import { example } from "../support/examples.js";
import { startService } from "../support/service.js";
import { startSite } from "../support/site.js";

const APP = fileURLToPath(new URL("./app/", import.meta.url));
/** The longest that the contract allows. */
const TOKEN = "MIIBundler+Test/".padEnd(65_535, "aZ9+/");
const PROJECT = "0123456789abcdef0123456789ABCDEF";

/** Filled by `openWorld`. */
export const world = { folders: [] };

// However the run ends: projects stand in the cache, where nobody would look for them.
process.once("exit", () => {
  for (const folder of world.folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

export async function openWorld({ service, tools, app }) {
  if (!service) throw new Error("Say where the service's program is: --service BIN");
  world.tools = resolve(tools);
  if (!existsSync(join(world.tools, "node_modules")))
    throw new Error(
      `The bundlers are not installed in ${tools}: copy package.json and package-lock.json of tests/bundlers there and run npm ci.`,
    );
  world.binary = resolve(service);
  world.apps = new Map(app.map((it) => [it.slice(0, it.indexOf("=")), resolve(it.slice(it.indexOf("=") + 1))]));
  world.folder = mkdtempSync(join(tmpdir(), "npk-bundlers-"));
  world.folders.push(world.folder);
  // Bundlers are imported from where they are installed.
  writeFileSync(join(world.tools, "load.mjs"), "export default (name) => import(name);\n");
  world.load = (await import(pathToFileURL(join(world.tools, "load.mjs")).href)).default;
  world.browser = await openBrowser("chromium");
  world.site = await startSite("http://127.0.0.1:1");
}

export async function closeWorld() {
  await world.browser?.close();
  await world.site?.close();
}

/** A bundler's module. */
export const load = (name) => world.load(name);
/** A file of a bundler. */
export const toolPath = (name) => join(world.tools, "node_modules", name);
export const version = (name) => createRequire(join(world.tools, "x.js"))(toolPath(`${name}/package.json`)).version;

/** A user's project, below the folder in which the bundlers are installed: real folders, since some bundlers refuse links. */
export function project(files = {}) {
  const folder = mkdtempSync(join(world.tools, "project-"));
  world.folders.push(folder);
  mkdirSync(join(folder, "node_modules"));
  cpSync(subject.package, join(folder, "node_modules/node-provider-keys"), { recursive: true });
  cpSync(APP, folder, { recursive: true });
  for (const [name, text] of Object.entries({ "package.json": `{ "private": true, "type": "module" }\n`, ...files }))
    writeFileSync(join(folder, name), text);
  return folder;
}

/** The settings that the example with `words` of a page of documentation exports. */
export async function documented(page, words) {
  const text = example(join(REPOSITORY, "docs", page), "js", words);
  return (await import(`data:text/javascript,${encodeURIComponent(text)}`)).default;
}

let services = 0;

/** Runs `work` with what a user knows of a fresh service, which lets pages of `origins` in. */
export async function withService(work, origins = []) {
  const data = join(world.folder, `${++services}.sqlite`);
  const service = await startService({
    binary: world.binary,
    data,
    token: TOKEN,
    projectId: PROJECT,
    args: origins.flatMap((origin) => ["--allow-origin", origin]),
  });
  try {
    return await work({ endpoint: service.url, projectId: PROJECT, token: TOKEN });
  } finally {
    await service.stop();
  }
}

/** What a process is told of the service. */
export const environment = ({ endpoint, projectId, token }) => ({
  ENDPOINT: endpoint,
  PROJECT_ID: projectId,
  TOKEN: token,
});

/** The result of every consumer that works. */
export function check(result) {
  assert.deepEqual(result, { description: "Bundled", isOurs: true, status: 404 });
}

/** Runs a bundled program on Node, away from the package. */
export async function onNode(file) {
  const text = readFileSync(file, "utf8");
  assert.notInclude(text, `"node-provider-keys"`, "the package is bundled");
  const bundled = join(world.folder, `bundled-${++services}${file.endsWith(".cjs") ? ".cjs" : ".mjs"}`);
  writeFileSync(bundled, text);
  const { code, output, errors } = await withService((request) =>
    run(process.execPath, [bundled], { env: environment(request) }),
  );
  assert.equal(`${code} ${errors}`, "0 ");
  check(JSON.parse(output));
}

/** Opens a page that sets `makeAndRevoke`, and has it done. */
export async function inPage(url) {
  const { driver } = world.browser;
  await withService(
    async (request) => {
      await driver.get(url);
      await driver.wait(
        () => driver.executeScript("return typeof makeAndRevoke === 'function'"),
        60_000,
        "the page's script did not run",
      );
      const { result, error } = await driver.executeAsyncScript(
        "const [request, done] = arguments; makeAndRevoke(request).then((result) => done({ result }), (error) => done({ error: String(error) }));",
        request,
      );
      assert.isUndefined(error);
      check(result);
    },
    [new URL(url).origin],
  );
}

/** The same for a built site, which has so many `.wasm` files: none, or the one. */
export async function onSite(folder, modules) {
  hasModules(folder, modules);
  world.site.show(folder);
  await inPage(`${world.site.url}/`);
}

export function hasModules(folder, count) {
  assert.lengthOf(
    files(folder).filter((name) => name.endsWith(".wasm")),
    count,
    "the .wasm files",
  );
}

const files = (folder) => readdirSync(folder, { recursive: true }).map(String).sort();

/** The scripts with an unused import become what those without become; Vite still copies the .wasm, which nothing loads. */
export async function shakes(bundle) {
  const contents = async (entry) => {
    const folder = await bundle(entry);
    return files(folder)
      .filter((name) => /\.[cm]?js$/.test(name))
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("\n");
  };
  assert.equal(await contents("unused.js"), await contents("empty.js"));
}
