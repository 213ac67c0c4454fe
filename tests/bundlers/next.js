import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "chai";
import { REPOSITORY, run } from "../support/consumer.js";
import { example } from "../support/examples.js";
import { freePort, start } from "../support/processes.js";
import { check, environment, hasModules, inPage, project, toolPath, version, withService } from "./world.js";

const APP = fileURLToPath(new URL("./next-app/", import.meta.url));
// What stands in the class of errors, however it is minified.
const MARK = "node-provider-keys.ApiKeyError";
const next = (...args) => [toolPath("next/dist/bin/next"), ...args];
const quiet = { NEXT_TELEMETRY_DISABLED: "1" };

function newProject({ edge }) {
  const folder = project({ "next.config.js": "export default {};\n" });
  cpSync(APP, join(folder, "app"), { recursive: true });
  mkdirSync(join(folder, "app/keys"));
  writeFileSync(
    join(folder, "app/keys/route.js"),
    example(join(REPOSITORY, "docs/frameworks.md"), "js", "export async function POST"),
  );
  if (!edge) rmSync(join(folder, "app/edge"), { recursive: true });
  return folder;
}

/** Serves the project by `args` and works with every kind of page; `more` gets what fetches a path of it. */
async function works(folder, args, { edge, more = () => {} }) {
  const port = await freePort();
  await withService(async (request) => {
    const server = await start(process.execPath, next(...args, `--port=${port}`, "--hostname=127.0.0.1"), {
      cwd: folder,
      env: { ...quiet, ...environment(request) },
      ready: /Ready in/,
      limit: 90_000,
    });
    const url = `http://127.0.0.1:${port}`;
    const get = async (path, options) => {
      const response = await fetch(`${url}${path}`, options);
      const text = await response.text();
      assert.isTrue(response.ok, `${path} answered with ${response.status}: ${text.slice(0, 500)}\n${server.output()}`);
      return text;
    };
    try {
      const page = await get("/server");
      check(JSON.parse(/data-result="([^"]*)"/.exec(page)[1].replaceAll("&quot;", `"`)));
      check(JSON.parse(await get("/route")));
      assert.match(await get("/keys", { method: "POST" }), /^PK\u0003\u0004/, "the documented route hands a key over");
      if (edge) check(JSON.parse(await get("/edge", { method: "POST", body: JSON.stringify(request) })));
      await inPage(`${url}/client`);
      await more(get);
    } finally {
      server.kill();
    }
  });
}

/** The scripts of the page with the unused import have nothing of the package; those of the other one do. */
async function shakes(get) {
  const scripts = async (path) => {
    const sources = [...(await get(path)).matchAll(/<script src="([^"]+)"/g)].map(([, source]) => source);
    assert.isNotEmpty(sources);
    return (await Promise.all(sources.map((source) => get(source)))).join("\n");
  };
  assert.include(await scripts("/client"), MARK);
  assert.notInclude(await scripts("/unused"), MARK);
}

async function built({ edge }, ...flags) {
  const folder = newProject({ edge });
  const { code, output, errors } = await run(process.execPath, next("build", ...flags), {
    cwd: folder,
    env: quiet,
    limit: 300_000,
  });
  if (code !== 0) throw new Error(`${errors}${output}`);
  hasModules(join(folder, ".next/static"), 1);
  await works(folder, ["start"], { edge, more: shakes });
}

const dev = (options, ...flags) => works(newProject(options), ["dev", ...flags], options);

// Next's own webpack build of an edge route handler fails, whatever is in it.
export default [
  { name: "Next, build with Turbopack", run: () => built({ edge: true }) },
  { name: "Next, build with webpack", run: () => built({ edge: false }, "--webpack") },
  { name: "Next, dev with Turbopack", run: () => dev({ edge: true }) },
  { name: "Next, dev with webpack", run: () => dev({ edge: false }, "--webpack") },
].map((row) => ({ ...row, version: () => version("next") }));
