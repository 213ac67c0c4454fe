// Where a suite's modules run: a child process on Node, or a page. Either tells each result, and `{ end: true }` last.
import { fork } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { openBrowser } from "./drivers.js";

/**
 * The package installed in `folder`: its own folder, the node_modules around it, and the file that an import leads to.
 * @param {string} folder
 * @param {boolean} isPage whether a page imports it, or Node
 */
export function locate(folder, isPage) {
  const conditions = [isPage ? "browser" : "node", "import", "module"];
  const installed = join(resolve(folder), "node_modules/node-provider-keys");
  if (!existsSync(join(installed, "package.json")))
    throw new Error(`The package is not installed in ${folder}: npm install its tarball there first.`);
  const packageFolder = realpathSync(installed);
  const { exports } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  let target = exports?.["."] ?? exports;
  while (typeof target === "object" && target !== null) {
    const condition = Object.keys(target).find((name) => name === "default" || conditions.includes(name));
    target = target[condition];
  }
  if (typeof target !== "string")
    throw new Error(`The package in ${folder} exports nothing for ${conditions.join(", ")}.`);
  const entry = target.replace(/^\.\//, "");
  return { packageFolder, modulesFolder: dirname(installed), entry: isPage ? entry : join(packageFolder, entry) };
}

/** Hands results on to the one who listens; those that come before wait. */
export function mailbox() {
  const early = [];
  let receive = (result) => early.push(result);
  return {
    tell: (result) => receive(result),
    listen(listener) {
      receive = listener;
      early.splice(0).forEach(listener);
    },
  };
}

/**
 * Runs `script` in a child process, with `config` in NPK_CONFIG; it sends its results.
 * @param {number} patience milliseconds without a result after which it hangs
 * @param {AbortSignal} [stopped] ends it in the midst of its tests
 */
export async function runOnNode(script, config, tell, patience, stopped) {
  const child = fork(fileURLToPath(script), {
    env: { ...process.env, NPK_CONFIG: JSON.stringify(config) },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output = (output + chunk).slice(-4000);
    });
  let ended = false;
  const kill = () => child.kill("SIGKILL");
  stopped?.addEventListener("abort", kill);
  const stall = watchdog(patience, kill);
  child.on("message", (message) => {
    stall.restart();
    if (message.end) ended = true;
    else tell(message);
  });
  const how = await new Promise((done) => child.once("close", (code, signal) => done(signal ?? code)));
  stall.stop();
  if (!ended && !stopped?.aborted)
    tell({
      title: "the tests run to their end",
      reason: `the process ended with ${how} in the midst of them:\n${output}`,
    });
}

/** Opens `url` in a browser and hands on what the page tells, which comes in by `mail`; gives the browser's version. */
export async function runInBrowser(name, url, mail, tell, patience) {
  const { driver, close, version } = await openBrowser(name);
  try {
    await driver.get(url);
    const ended = await new Promise((done) => {
      const stall = watchdog(patience, () => done(false));
      mail.listen((result) => {
        stall.restart();
        if (!result.end) return tell(result);
        stall.stop();
        done(true);
      });
    });
    if (!ended) tell({ title: "the tests run to their end", reason: `nothing came from the page for ${patience} ms` });
    return version;
  } finally {
    await close();
  }
}

/** Calls `bite` when it is not restarted in time. */
function watchdog(patience, bite) {
  let timer = setTimeout(bite, patience);
  const stop = () => clearTimeout(timer);
  return {
    stop,
    restart: () => {
      stop();
      timer = setTimeout(bite, patience);
    },
  };
}
