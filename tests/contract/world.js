// What these tests share: services for any caller, and where the tools are.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { start } from "../support/processes.js";
import { startService } from "../support/service.js";

/** As in schemathesis.toml. */
export const PROJECT = "0123456789abcdef0123456789ABCDEF";
export const TOKEN = "MIIContract+Test/9fK2";
/** A key that does not exist. */
export const CREDENTIAL = "01234567-89ab-cdef-0123-456789abcdef";
/** Who may sign in, as in hooks.py. */
export const USER = {
  account: "IAMDomain",
  user: "IAMUser",
  password: "IAMPassword",
  project: "ap-southeast-3",
  userId: "fedcba9876543210fedcba9876543210",
};
/** What the page of a demo may swap for a token. */
export const CODE = "0123456789abcdef0123456789abcdef";

const SPOIL = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('DROP TABLE credentials')";

/** Locks all places in which SQLite notes who reads: whoever comes waits for many seconds. */
const OCCUPY = `import fcntl, signal, sys
file = open(sys.argv[1] + "-shm", "r+b")
fcntl.lockf(file, fcntl.LOCK_EX, 5, 123)
print("occupied", flush=True)
signal.pause()`;

/** Filled by `openWorld`. */
const world = { count: 0, running: [] };

export async function openWorld({ service, tools, python, examples = "0" }) {
  if (!service || !tools || !python) throw new Error("Say where these are: --service BIN --tools DIR --python DIR");
  world.tools = resolve(tools, "node_modules");
  world.python = resolve(python);
  for (const [lock, path] of [
    ["package-lock.json", toolPath("ajv")],
    ["requirements.txt", program("schemathesis")],
  ]) {
    if (!existsSync(path)) throw new Error(`${path} is missing: install what tests/contract/${lock} names there.`);
  }
  Object.assign(world, { binary: resolve(service), examples: Number(examples) });
  world.folder = mkdtempSync(join(tmpdir(), "npk-contract-"));
  world.usual = await open({});
}

export async function closeWorld() {
  for (const { stop } of world.running) await stop();
  if (world.folder) rmSync(world.folder, { recursive: true, force: true });
}

/** A service with one caller, and one user who may sign in unless `user` is null. */
async function open({ token = TOKEN, projectId = PROJECT, user = {}, totp, code }) {
  const data = join(world.folder, `${++world.count}.sqlite`);
  const [args, env] = [[], {}];
  if (user) {
    const { account, user: name, password, project, userId } = { ...USER, ...user };
    args.push(`--account=${account}`, `--user=${name}`, `--user-id=${userId}`, `--project=${project}=${projectId}`);
    env.NODE_PROVIDER_PASSWORD = password;
  }
  if (totp) {
    writeFileSync(`${data}.totp`, totp);
    args.push("--totp-secret-file", `${data}.totp`);
  }
  if (code) env.NODE_PROVIDER_DEMO_CODE = code;
  const service = { data, ...(await startService({ binary: world.binary, data, token, projectId, args, env })) };
  world.running.push(service);
  return service;
}

/** Runs `work` with a service for one caller and one user; rejects where there can be none. */
export async function withService(caller, work) {
  const service = await open(caller);
  try {
    return await work(service);
  } finally {
    world.running.splice(world.running.indexOf(service), 1);
    await service.stop();
  }
}

/** The service of the usual caller. */
export const usual = () => world.usual;

/** A service whose database keeps everybody waiting. */
export async function busy() {
  if (!world.busy) {
    world.busy = await open({});
    const { kill } = await start(program("python"), ["-c", OCCUPY, world.busy.data], { ready: /occupied/ });
    world.running.unshift({ stop: kill });
  }
  return world.busy;
}

/** A service that has lost its database. */
export async function spoilt() {
  if (!world.spoilt) {
    world.spoilt = await open({});
    execFileSync(program("python"), ["-c", SPOIL, world.spoilt.data]);
  }
  return world.spoilt;
}

/** How many examples are asked for. */
export const examples = () => world.examples;
/** The folder for whatever a run leaves behind. */
export const scratch = () => world.folder;
/** A program of the Python environment. */
export const program = (name) => join(world.python, name);
/** A package of tests/contract/package-lock.json. */
export const load = async (name) => {
  const path = createRequire(join(world.tools, "x.js")).resolve(name);
  const module = await import(pathToFileURL(path).href);
  // CommonJS that was an ES module once has its own default in ours.
  return module.default?.default ? module.default : module;
};
/** A file of such a package. */
export const toolPath = (name) => join(world.tools, name);
