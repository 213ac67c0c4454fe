// Where the soak runs: each place makes so many calls, and tells what is left after them.
import { fork } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { REPOSITORY, subject } from "../support/consumer.js";
import { openBrowser } from "../support/drivers.js";
import { killLater, within } from "../support/processes.js";
import { startSite } from "../support/site.js";

/** So many calls at a time have to be done within this many milliseconds: longer is a hang. */
export const STEP = 500;
const HANG = 300_000;

/** A process of Node's of its own. */
export async function onNode(config) {
  const child = fork(fileURLToPath(new URL("./node.js", import.meta.url)), {
    execArgv: ["--expose-gc", "--no-warnings"],
    env: { ...process.env, NPK_SOAK: JSON.stringify({ ...config, entry: join(subject.package, "node.js") }) },
  });
  const kill = killLater(child.pid);
  const waiting = new Map();
  let last = 0;
  const ready = new Promise((resolve) => waiting.set(undefined, { resolve }));
  const ended = new Promise((_, reject) =>
    child.once("exit", (code, signal) => reject(new Error(`the process ended with ${signal ?? code}`))),
  );
  ended.catch(() => {});
  child.on("message", ({ id, told, error }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(new Error(error));
    else resolve(told);
  });
  const ask = (what) => {
    const id = ++last;
    const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    child.send({ id, ...what });
    return within(HANG, JSON.stringify(what), Promise.race([answer, ended]));
  };
  await within(HANG, "Node to start", Promise.race([ready, ended]));
  return {
    name: `Node ${process.versions.node}`,
    run: (calls) => ask({ calls }),
    look: () => ask({}),
    end: () => ask({ end: true }),
    close: async () => kill(),
  };
}

/** The site that the page of the soak comes from; it calls the service, which is another origin. */
export async function startSoakSite() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "npk-soak-")));
  symlinkSync(join(REPOSITORY, "tests"), join(folder, "tests"));
  symlinkSync(subject.package, join(folder, "package"));
  writeFileSync(
    join(folder, "index.html"),
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Soak</title><script type="module" src="/tests/soak/page.js"></script>',
  );
  const site = await startSite("http://127.0.0.1");
  site.show(folder);
  return { url: site.url, close: () => site.close().finally(() => rmSync(folder, { recursive: true, force: true })) };
}

/** A page in Chromium. */
export async function inChromium(config, site) {
  const { driver, devTools, version, close } = await openBrowser("chromium");
  try {
    await driver.manage().setTimeouts({ script: HANG });
    const ask = async (name, argument) => {
      const script =
        "const done = arguments[arguments.length - 1]; window[arguments[0]](arguments[1]).then((told) => done({ told }), (error) => done({ error: String(error && error.stack || error) }));";
      const { told, error } = await driver.executeAsyncScript(script, name, argument);
      if (error) throw new Error(error);
      return told;
    };
    await driver.get(`${site.url}/`);
    await driver.wait(() => driver.executeScript("return typeof window.act === 'function'"), 30_000);
    await ask("open", config);
    const heap = async () => {
      await devTools("HeapProfiler.collectGarbage", {});
      const { usedSize } = await devTools("Runtime.getHeapUsage", {});
      return usedSize;
    };
    const look = async (what = {}) => {
      const told = await ask("act", what);
      return { ...told, heap: await heap() };
    };
    return {
      name: `Chromium ${version}`,
      run: (calls) => look({ calls }),
      look,
      end: () => look({ end: true }),
      close,
    };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}
