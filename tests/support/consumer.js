// A user's project: a folder in which the packed package is installed, and programs that run there.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { killLater } from "./processes.js";

export const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
/** The developer's tools. */
export const TOOLS = join(REPOSITORY, "node_modules");

/** `modules` is the node_modules with the package, `package` the package's folder; both set by `choosePackage`. */
export const subject = {};

const projects = [];

process.once("exit", () => {
  for (const folder of projects) rmSync(folder, { recursive: true, force: true });
});

/** @param {string | undefined} folder the folder in which the packed package is installed */
export function choosePackage(folder) {
  if (!folder) throw new Error("Say where the packed package is installed: --pkg DIR");
  const modules = join(resolve(folder), "node_modules");
  const installed = join(modules, "node-provider-keys");
  if (!existsSync(join(installed, "package.json"))) {
    throw new Error(`The package is not installed in ${folder}: npm install its tarball there first.`);
  }
  Object.assign(subject, { modules, package: realpathSync(installed) });
}

/**
 * Makes an empty project beside the package's node_modules; it is removed when the run ends.
 * @param {Record<string, string>} files texts by file name
 */
export function project(files = {}) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "npk-project-")));
  projects.push(folder);
  symlinkSync(subject.modules, join(folder, "node_modules"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/**
 * Runs a program to its end.
 * @returns {Promise<{ code: number | null, output: string, errors: string }>} what it printed on stdout and on stderr
 */
export function run(program, args, { cwd, env, limit = 90_000 } = {}) {
  return new Promise((done, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.once("error", reject);
    const kill = child.pid ? killLater(-child.pid) : () => {};
    const watchdog = setTimeout(kill, limit);
    const said = { output: "", errors: "" };
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      said.output += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      said.errors += chunk;
    });
    child.once("close", (code) => {
      clearTimeout(watchdog);
      kill();
      done({ code, ...said });
    });
  });
}

/** Runs a tool of the developer's, written for Node. */
export const runTool = (path, args, options) => run(process.execPath, [join(TOOLS, path), ...args], options);
