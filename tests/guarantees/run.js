// Runs the suite of named guarantees: node tests/guarantees/run.js --pkg DIR [--trap-pkg DIR] [--service BIN] [--browser NAME] [--grep TEXT] [--bail]
import { fork } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openBrowser } from "../support/drivers.js";
import { startRogue } from "../support/rogue.js";
import { harness } from "./harness.js";
import { WATCHDOG } from "./suites.js";

const USAGE = `node tests/guarantees/run.js --pkg DIR [--trap-pkg DIR] [--browser node|chromium|firefox] [--grep TEXT] [--bail]
  --pkg DIR       a folder in which the packed package is installed (DIR/node_modules/node-provider-keys)
  --trap-pkg DIR  the same, of a package built with the feature "trap"
  --service BIN   accepted and not used: every server here is one that misbehaves
  --browser NAME  where the suite runs; node
  --grep TEXT     only the tests whose names have it
  --bail          end at the first failure; on Node only`;

/** The folder of an installed package, and the file that `conditions` lead to. */
function locate(folder, conditions) {
  const installed = join(resolve(folder), "node_modules/node-provider-keys");
  if (!existsSync(join(installed, "package.json"))) throw new Error(`The package is not installed in ${folder}: npm install its tarball there first.`);
  const packageFolder = realpathSync(installed);
  const { exports } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  let target = exports?.["."] ?? exports;
  while (typeof target === "object" && target !== null) {
    const condition = Object.keys(target).find((name) => name === "default" || conditions.includes(name));
    target = target[condition];
  }
  if (typeof target !== "string") throw new Error(`The package in ${folder} exports nothing for ${conditions.join(", ")}.`);
  return { packageFolder, modulesFolder: dirname(installed), entry: target.replace(/^\.\//, "") };
}

async function onNode(config, tell) {
  const child = fork(fileURLToPath(new URL("./node.js", import.meta.url)), {
    env: { ...process.env, NPK_GUARANTEES: JSON.stringify(config) }, stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => { output = (output + chunk).slice(-4000); });
  let ended = false;
  const stall = watchdog(() => child.kill("SIGKILL"));
  child.on("message", (message) => {
    stall.restart();
    if (message.end) ended = true;
    else tell(message);
  });
  const how = await new Promise((done) => child.once("close", (code, signal) => done(signal ?? code)));
  stall.stop();
  if (!ended) tell({ title: "the tests run to their end", reason: `the process ended with ${how} in the midst of them:\n${output}` });
}

async function inBrowser(name, origin, onResult, tell) {
  const { driver, close, version } = await openBrowser(name);
  try {
    console.log(`${name} ${version}`);
    await driver.get(`${origin}/`);
    const ended = await new Promise((done) => {
      const stall = watchdog(() => done(false));
      onResult((result) => {
        stall.restart();
        if (!result.end) return tell(result);
        stall.stop();
        done(true);
      });
    });
    if (!ended) tell({ title: "the tests run to their end", reason: `nothing came from the page for ${3 * WATCHDOG} ms` });
  } finally {
    await close();
  }
}

/** Calls `bite` when it is not restarted for longer than any test may take. */
function watchdog(bite) {
  let timer = setTimeout(bite, 3 * WATCHDOG);
  const stop = () => clearTimeout(timer);
  return { stop, restart: () => { stop(); timer = setTimeout(bite, 3 * WATCHDOG); } };
}

async function main() {
  const { values } = parseArgs({
    options: {
      pkg: { type: "string" }, "trap-pkg": { type: "string" }, service: { type: "string" }, browser: { type: "string", default: "node" },
      grep: { type: "string" }, bail: { type: "boolean" }, help: { type: "boolean" },
    },
  });
  if (values.help || !values.pkg) {
    console.log(USAGE);
    return values.help ? 0 : 1;
  }
  const page = values.browser !== "node";
  const conditions = page ? ["browser", "import", "module"] : ["node", "import", "module"];
  const tested = locate(values.pkg, conditions);
  const trap = values["trap-pkg"] ? locate(values["trap-pkg"], conditions) : undefined;
  const path = (located) => (page ? located?.entry : located && join(located.packageFolder, located.entry));

  let config;
  // Results that come before anyone listens wait.
  const early = [];
  let receive = (result) => early.push(result);
  const onResult = (listener) => {
    receive = listener;
    early.splice(0).forEach(listener);
  };
  const rogue = await startRogue({ serve: harness({ config: () => config, tell: (result) => receive(result), packageFolder: tested.packageFolder, trapFolder: trap?.packageFolder }) });
  const { origins, refused, resetting } = rogue;
  config = {
    addresses: { origins, refused, resetting }, entry: path(tested), trapEntry: path(trap), browser: values.browser, grep: values.grep, bail: values.bail,
    packageFolder: tested.packageFolder, trapFolder: trap?.packageFolder, modulesFolder: tested.modulesFolder,
  };

  const failures = [];
  let passed = 0;
  const tell = (result) => {
    if (result.reason === undefined) passed += 1;
    else failures.push(result);
  };
  try {
    if (page) await inBrowser(values.browser, origins[0], onResult, tell);
    else await onNode(config, tell);
  } finally {
    await rogue.close();
  }
  for (const { title, reason, where } of failures) console.log(`FAILED ${title}\n    ${reason.replaceAll("\n", "\n    ")}${where ? `\n    ${where.trim()}` : ""}`);
  console.log(`${passed} passed, ${failures.length} failed`);
  return failures.length > 0 || passed === 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
