// Apps of frameworks, each with a lock file of its own: their tools are started as their users start them, on Node 24,
// which most of them need.
import { cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run, subject } from "../support/consumer.js";
import { freePort, start } from "../support/processes.js";
import { check, inPage, toolPath, withService, world } from "./world.js";

const KEYS = fileURLToPath(new URL("./app/keys.js", import.meta.url));
/** Its major version. */
const NODE = 24;
const cpu = { x64: "x64", arm64: "arm64" }[process.arch];
// Nothing is told to a maker, and nothing is fetched from one.
const QUIET = {
  CI: "1",
  NO_COLOR: "1",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_SEND_METRICS: "false",
  NEXT_TELEMETRY_DISABLED: "1",
  NUXT_TELEMETRY_DISABLED: "1",
};

function node() {
  const found = process.env[`NODE_${NODE}`] ?? toolPath(`node-${NODE}-${process.platform}-${cpu}/bin/node`);
  if (!existsSync(found))
    throw new Error(
      `${found} is missing: set NODE_${NODE} to the program's path, or install it with npm ci in tests/bundlers.`,
    );
  return found;
}

/** A file of what is installed for the app of that name. */
function pathOf(app, file) {
  const folder = world.apps.get(app);
  if (!folder) throw new Error(`Say where the packages of tests/bundlers/${app} are installed: --app ${app}=DIR`);
  return join(folder, "node_modules", file);
}

/**
 * @param {string} name the app's folder beside this file
 * @param {string} tool the package whose version a row tells
 */
export function appOf(name, tool) {
  const path = (file) => pathOf(name, file);

  /** A project of a user's with the app's files, and `files` beside them. */
  function project(files = {}) {
    const folder = mkdtempSync(path("../project-"));
    world.folders.push(folder);
    mkdirSync(join(folder, "node_modules"));
    cpSync(subject.package, join(folder, "node_modules/node-provider-keys"), { recursive: true });
    cpSync(fileURLToPath(new URL(`./${name}/app/`, import.meta.url)), folder, { recursive: true });
    cpSync(KEYS, join(folder, "keys.js"));
    for (const [file, text] of Object.entries({ "package.json": `{ "private": true, "type": "module" }\n`, ...files }))
      writeFileSync(join(folder, file), text);
    return folder;
  }

  const more = (cwd, env) => ({
    cwd,
    // What a tool keeps of its user's goes with the project.
    env: { ...QUIET, HOME: cwd, PATH: `${path(".bin")}:${join(node(), "..")}:${process.env.PATH}`, ...env },
  });

  /** Runs a tool of the app to its end. */
  async function build(cwd, script, args, env) {
    const { code, output, errors } = await run(node(), [path(script), ...args], { ...more(cwd, env), limit: 300_000 });
    if (code !== 0) throw new Error(`${script} ended with ${code}:\n${errors}${output}`);
  }

  /** Starts a server and works with it: `POST /keys`, and the page at `/` if there is one. */
  async function works(cwd, { program, args = () => [], ready, page }) {
    const port = await freePort();
    const server = await start(node(), [program, ...args(port)], {
      ...more(cwd, { PORT: String(port), HOST: "127.0.0.1" }),
      ready,
      limit: 90_000,
    });
    const url = `http://127.0.0.1:${port}`;
    try {
      await withService(async (request) => {
        const response = await fetch(`${url}/keys`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(request),
        });
        const text = await response.text();
        if (!response.ok)
          throw new Error(`it answered with ${response.status}: ${text.slice(0, 500)}\n${server.output()}`);
        check(JSON.parse(text));
      });
      if (page) await inPage(`${url}/`);
    } finally {
      server.kill();
    }
  }

  /** The same in workerd, as wrangler starts it. */
  const worksInWorkerd = (cwd, config, more) =>
    works(cwd, {
      program: pathOf("cloudflare", "wrangler/bin/wrangler.js"),
      args: (port) => ["dev", "--ip=127.0.0.1", `--port=${port}`, "--inspector-port=0", `--config=${config}`],
      ready: /Ready on/,
      ...more,
    });

  const version = () => createRequire(path("x.js"))(`./${tool}/package.json`).version;
  return { path, project, build, works, worksInWorkerd, version };
}
