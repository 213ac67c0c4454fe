// Runtimes that are a process: Node, Deno, Bun, and the test runners on Node.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { assert } from "chai";
import { run, subject } from "../support/consumer.js";
import { environment, program, world } from "./world.js";

const NODES = [20, 22, 24, 26];
const cpu = { x64: "x64", arm64: "arm64" }[process.arch];

/** The program at `path` among the installed tools, or the one that `variable` names. */
function tool(variable, ...path) {
  const found = process.env[variable] ?? join(world.tools, ...path);
  if (!existsSync(found))
    throw new Error(
      `${found} is missing: set ${variable} to the program's path, or install it with npm ci in tests/runtimes.`,
    );
  return found;
}

const node = (major) => tool(`NODE_${major}`, `node-${major}-${process.platform}-${cpu}`, "bin/node");
const deno = () =>
  tool("DENO", "@deno", `${process.platform}-${process.arch}${process.platform === "linux" ? "-glibc" : ""}`, "deno");
const bun = () =>
  tool("BUN", "@oven", `bun-${process.platform}-${{ x64: "x64", arm64: "aarch64" }[process.arch]}`, "bin/bun");

/** Runs a program that prints its result as JSON. */
async function printing(binary, args, folder = program()) {
  const { code, output, errors } = await run(binary, args, {
    cwd: folder,
    env: {
      ...environment(),
      TOOLS: join(world.tools, "x.js"),
      NO_COLOR: "1",
      DENO_DIR: join(folder, ".deno"),
      DENO_NO_UPDATE_CHECK: "1",
    },
  });
  if (code !== 0 || errors !== "") throw new Error(`it ended with ${code}:\n${errors}${output}`);
  return JSON.parse(output);
}

const version = (name) => createRequire(join(world.tools, "x.js"))(`${name}/package.json`).version;

/** Runs a test runner whose test writes its result into a file. */
async function testing(binary, args, env) {
  const folder = program();
  const { code, output, errors } = await run(binary, args, {
    cwd: folder,
    env: {
      ...environment(),
      CI: "1",
      NO_COLOR: "1",
      HOME: folder,
      NODE_PATH: world.tools,
      TOOLS: join(world.tools, "x.js"),
      ...env,
    },
  });
  if (code !== 0) throw new Error(`it ended with ${code}:\n${errors}${output}`);
  return JSON.parse(readFileSync(join(folder, "result.json"), "utf8"));
}

/** Jest's option by which the page of an environment that plays a browser is one of the service's own origin. */
const pageOf = () => `--testEnvironmentOptions=${JSON.stringify({ url: environment().ENDPOINT })}`;

async function jest(file, args, flags = []) {
  const common = ["--rootDir=.", `--testMatch=**/${file}`, "--watchman=false", "--cache=false"];
  const script = tool("JEST", "jest/bin/jest.js");
  return { version: version("jest"), ...(await testing(process.execPath, [...flags, script, ...common, ...args])) };
}

const jestIn = (environment, args, need = "") => [
  { name: `Jest 30${environment}, require${need}`, run: () => jest("jest.test.cjs", args()) },
  {
    name: `Jest 30${environment}, import${need}`,
    run: () => jest("runner.test.js", args(), ["--experimental-vm-modules", "--no-warnings"]),
  },
];

async function vitest(environment = "node", pool = "forks") {
  const script = tool("VITEST", "vitest/vitest.mjs");
  const args = ["run", "--config=vitest.config.js", `--environment=${environment}`, `--pool=${pool}`];
  return { version: version("vitest"), ...(await testing(node(24), [script, ...args])) };
}

async function bunTest(...args) {
  const file = "./runner.test.js";
  return { version: version("bun"), ...(await testing(bun(), ["test", "--no-install", ...args, file])) };
}

/** Has Yarn install the packed package without a folder of modules, and run a program. */
async function yarn(file) {
  const folder = program();
  rmSync(join(folder, "node_modules"));
  const packed = await run("npm", ["pack", "--ignore-scripts", `--pack-destination=${folder}`, subject.package]);
  const tarball = packed.output.trim();
  const manifest = { private: true, type: "module", dependencies: { "node-provider-keys": `file:./${tarball}` } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(
    join(folder, ".yarnrc.yml"),
    "nodeLinker: pnp\nenableTelemetry: false\nenableGlobalCache: false\nenableNetwork: false\n",
  );
  writeFileSync(join(folder, "yarn.lock"), "");
  const script = tool("YARN", "@yarnpkg/cli-dist/bin/yarn.js");
  const { code, output, errors } = await run(process.execPath, [script, "install"], {
    cwd: folder,
    env: { HOME: folder },
  });
  if (code !== 0) throw new Error(`it ended with ${code}:\n${errors}${output}`);
  assert.isFalse(existsSync(join(folder, "node_modules")));
  return {
    ...(await printing(process.execPath, [script, "node", file], folder)),
    version: version("@yarnpkg/cli-dist"),
  };
}

/** Fails where anything of a caller's ran in another's context. */
async function apart(binary, args) {
  const result = await printing(binary, args);
  for (const how of ["cold", "warm"]) {
    assert.deepEqual(result[how].strays, [], how);
    assert.includeMembers(result[how].ran, ["token", "fetch", "the global fetch", "the file.arrayBuffer"]);
  }
  return result;
}

const each = (name, binary, ...args) => [
  { name: `${name}, import`, run: () => printing(binary(), [...args, "main.js"]) },
  { name: `${name}, require`, run: () => printing(binary(), [...args, "main.cjs"]) },
  { name: `${name}, many callers`, checks: true, run: () => apart(binary(), [...args, "callers.js"]) },
];

export default [
  ...NODES.flatMap((major) =>
    each(`Node ${major}`, () => node(major), "--unhandled-rejections=strict", "--throw-deprecation"),
  ),
  ...each(
    "Deno",
    deno,
    "run",
    "--allow-net",
    "--allow-env",
    "--allow-read",
    "--node-modules-dir=manual",
    "--no-remote",
  ),
  ...each("Bun", bun, "run", "--no-install"),
  { name: "Yarn with Plug'n'Play, import", run: () => yarn("main.js") },
  { name: "Yarn with Plug'n'Play, require", run: () => yarn("main.cjs") },
  { name: "Node 24 with jsdom, import", run: () => printing(node(24), ["--import=./jsdom.js", "main.js"]) },
  { name: "Node 24 with happy-dom, import", run: () => printing(node(24), ["--import=./happy-dom.js", "main.js"]) },
  ...jestIn("", () => []),
  ...jestIn(" with jsdom", () => ["--env=./jest-jsdom.cjs", pageOf()], " (with the documented environment)"),
  ...jestIn(" with happy-dom", () => [`--env=${join(world.tools, "@happy-dom/jest-environment")}`, pageOf()]),
  { name: "Vitest, import", run: () => vitest() },
  ...["jsdom", "happy-dom"].flatMap((dom) =>
    ["forks", "vmThreads"].map((pool) => ({
      name: `Vitest with ${dom}, import in ${pool}`,
      run: () => vitest(dom, pool),
    })),
  ),
  { name: "Bun with happy-dom, bun test", run: () => bunTest("--preload=./happy-dom.js") },
];
