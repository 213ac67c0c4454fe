// Runtimes that are a process: Node, Deno, Bun, and the test runners on Node.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { assert } from "chai";
import { run } from "../support/consumer.js";
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
async function printing(binary, args) {
  const folder = program();
  const { code, output, errors } = await run(binary, args, {
    cwd: folder,
    env: { ...environment(), NO_COLOR: "1", DENO_DIR: join(folder, ".deno"), DENO_NO_UPDATE_CHECK: "1" },
  });
  if (code !== 0 || errors !== "") throw new Error(`it ended with ${code}:\n${errors}${output}`);
  return JSON.parse(output);
}

/** Runs a test runner whose test writes its result into a file. */
async function testing(binary, name, script, args) {
  const folder = program();
  const { code, output, errors } = await run(binary, [tool(name.toUpperCase(), name, script), ...args], {
    cwd: folder,
    env: { ...environment(), CI: "1", NO_COLOR: "1" },
  });
  if (code !== 0) throw new Error(`it ended with ${code}:\n${errors}${output}`);
  const { version } = createRequire(join(world.tools, "x.js"))(`${name}/package.json`);
  return { version, ...JSON.parse(readFileSync(join(folder, "result.json"), "utf8")) };
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
  {
    name: "Jest 30, require",
    run: () =>
      testing(process.execPath, "jest", "bin/jest.js", [
        "--rootDir=.",
        "--testMatch=**/jest.test.cjs",
        "--watchman=false",
        "--cache=false",
      ]),
  },
  {
    name: "Vitest, import",
    run: () => testing(node(24), "vitest", "vitest.mjs", ["run", "--root=.", "--globals", "vitest.test.js"]),
  },
];
