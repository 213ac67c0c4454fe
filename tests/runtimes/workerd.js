// workerd, with the package bundled as Cloudflare's tools do it: the module stays a file.
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { REPOSITORY, run } from "../support/consumer.js";
import { example } from "../support/examples.js";
import { start } from "../support/processes.js";
import { environment, program, request, world } from "./world.js";

const configuration = (bindings) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["private", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [
    (name = "workerd.js", esModule = embed "out/workerd.js"),
    (name = "node_provider_keys.wasm", wasm = embed "out/node_provider_keys.wasm"),
  ],
  compatibilityDate = "2026-10-01",
  bindings = [${Object.entries(bindings)
    .map(([name, text]) => `(name = "${name}", text = "${text}")`)
    .join(", ")}],
  globalOutbound = "internet",
);
`;

/** Serves the worker in `folder`, and gives what `work` makes of its address. */
async function served(folder, bindings, work) {
  await build({
    entryPoints: [join(folder, "workerd.js")],
    outdir: join(folder, "out"),
    bundle: true,
    format: "esm",
    logLevel: "silent",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
  });
  writeFileSync(join(folder, "config.capnp"), configuration(bindings));
  const binary = process.env.WORKERD ?? createRequire(join(world.tools, "workerd/x.js"))("workerd").default;
  if (!existsSync(binary))
    throw new Error(
      `${binary} is missing: set WORKERD to the program's path, or install it with npm ci in tests/runtimes.`,
    );
  const { output } = await run(binary, ["--version"]);
  const server = await start(binary, ["serve", "config.capnp", "--control-fd=1"], {
    cwd: folder,
    ready: /"event":"listen","socket":"http","port":(\d+)/,
  });
  try {
    const result = await work(`http://127.0.0.1:${server.match[1]}/`);
    return { version: output.trim().replace("workerd ", ""), ...result };
  } catch (error) {
    throw new Error(`${error.message}\n${server.output()}`);
  } finally {
    await server.stop();
  }
}

const consumed = () =>
  served(program(), {}, async (url) => {
    const response = await fetch(url, {
      method: "POST",
      body: JSON.stringify({ ...request(), endpoint: world.service.url }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`it answered with ${response.status}:\n${text}`);
    return JSON.parse(text);
  });

/** The worker that docs/workers-and-edge.md prints. */
async function documented() {
  const folder = program();
  writeFileSync(join(folder, "workerd.js"), example(join(REPOSITORY, "docs/workers-and-edge.md"), "js"));
  const { ENDPOINT, PROJECT_ID, TOKEN } = environment();
  const post = async (url) => {
    const response = await fetch(url, { method: "POST" });
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      name: response.headers.get("content-disposition"),
      body: Buffer.from(await response.arrayBuffer()),
    };
  };
  const made = await served(folder, { ENDPOINT, PROJECT_ID, TOKEN }, post);
  assert.deepEqual(
    [made.status, made.type, made.body.toString("latin1", 0, 4)],
    [200, "application/zip", "PK\u0003\u0004"],
  );
  assert.match(made.name, /^attachment; filename="[^"]+\.zip"$/);
  const refused = await served(folder, { ENDPOINT, PROJECT_ID, TOKEN: "wrong" }, post);
  assert.equal(refused.status, 502);
  const { outcome, message } = JSON.parse(refused.body);
  assert.equal(outcome, "rejected");
  assert.match(message, /status 401/);
  return { version: made.version };
}

export default [
  { name: "workerd, import", run: consumed },
  { name: "workerd, the documented worker", run: documented, checks: true },
];
