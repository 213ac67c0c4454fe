// workerd, with the package bundled as Cloudflare's tools do it: the module stays a file.
import { existsSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { run } from "../support/consumer.js";
import { start } from "../support/processes.js";
import { program, request, world } from "./world.js";

const CONFIGURATION = `using Workerd = import "/workerd/workerd.capnp";
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
  compatibilityDate = "2026-11-01",
  globalOutbound = "internet",
);
`;

async function inWorkerd() {
  const folder = program();
  await build({
    entryPoints: [join(folder, "workerd.js")], outdir: join(folder, "out"), bundle: true, format: "esm", logLevel: "silent",
    conditions: ["workerd", "worker", "browser"], loader: { ".wasm": "copy" }, assetNames: "[name]",
  });
  writeFileSync(join(folder, "config.capnp"), CONFIGURATION);
  const binary = process.env.WORKERD ?? createRequire(join(world.tools, "workerd/x.js"))("workerd").default;
  if (!existsSync(binary)) throw new Error(`${binary} is missing: set WORKERD to the program's path, or install it with npm ci in tests/runtimes.`);
  const { output } = await run(binary, ["--version"]);
  const server = await start(binary, ["serve", "config.capnp", "--control-fd=1"], { cwd: folder, ready: /"event":"listen","socket":"http","port":(\d+)/ });
  try {
    const response = await fetch(`http://127.0.0.1:${server.match[1]}/`, { method: "POST", body: JSON.stringify({ ...request(), endpoint: world.service.url }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`it answered with ${response.status}:\n${text}\n${server.output()}`);
    return { version: output.trim().replace("workerd ", ""), ...JSON.parse(text) };
  } finally {
    await server.stop();
  }
}

export default [{ name: "workerd, import", run: inWorkerd }];
