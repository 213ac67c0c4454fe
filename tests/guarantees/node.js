// The suites on Node: a child of run.js, which it tells each result.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { Worker } from "node:worker_threads";
import Mocha from "mocha";
import { host } from "./host.js";
import { report, start } from "./start.js";
import { WATCHDOG } from "./watchdog.js";

const config = JSON.parse(process.env.NPK_CONFIG);
const copies = mkdtempSync(join(tmpdir(), "npk-guarantees-"));
process.once("exit", () => rmSync(copies, { recursive: true, force: true }));

/** A copy of the package in a folder of its own is another module to Node, with nothing loaded yet. */
function freshCopy(folder, entry) {
  const copy = mkdtempSync(join(copies, basename(folder)));
  cpSync(folder, copy, { recursive: true });
  return import(pathToFileURL(join(copy, relative(folder, entry))).href);
}

const mocha = new Mocha({ ui: "bdd", timeout: WATCHDOG, reporter: class {}, fgrep: config.grep, bail: config.bail });
mocha.suite.emit("pre-require", globalThis, "guarantees", mocha);
process.on("unhandledRejection", (reason) =>
  host.unhandled?.push(`unhandled rejection: ${reason?.message ?? String(reason)}`),
);
process.on("uncaughtExceptionMonitor", (error) =>
  host.unhandled?.push(`uncaught exception: ${error?.message ?? String(error)}`),
);

const packageUrl = pathToFileURL(config.entry).href;
await start(
  {
    ...config.addresses,
    config,
    packageUrl,
    signInUrl: new URL("sign-in.js", packageUrl).href,
    name: "node",
    page: false,
    inspect: (value) =>
      inspect(value, {
        depth: Infinity,
        showHidden: true,
        getters: true,
        maxArrayLength: Infinity,
        maxStringLength: Infinity,
      }),
    printed: (value) => inspect(value),
    freshPackage: () => freshCopy(config.packageFolder, config.entry),
    trapPackage: () => {
      if (!config.trapEntry)
        throw new Error("run.js was not given --trap-pkg, a package built with the feature `trap`");
      return freshCopy(config.trapFolder, config.trapEntry);
    },
    worker: (name, data) =>
      new Promise((resolve, reject) => {
        const worker = new Worker(new URL(`./realms/${name}.js`, import.meta.url), { workerData: data });
        worker.once("message", ({ value, error }) => {
          worker.terminate();
          if (error) reject(new Error(error));
          else resolve(value);
        });
        worker.once("error", reject);
        worker.once("exit", (code) => reject(new Error(`the worker ended with ${code}`)));
      }),
  },
  () => import(packageUrl),
  config.suites,
);

report(
  mocha.run(),
  (result) => process.send(result),
  () => process.send({ end: true }, () => process.exit()),
);
