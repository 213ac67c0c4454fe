// The soak on Node, a child of run.js: makes the calls that it is told to make, and tells what is left after them.
import { getEventListeners } from "node:events";
import { pathToFileURL } from "node:url";
import { platform, watch } from "./watch.js";

const config = JSON.parse(process.env.NPK_SOAK);
// Eleven calls under one signal are no leak; what else Node warns of is one.
const warnings = {};
process.on("warning", ({ name }) => {
  warnings[name] = (warnings[name] ?? 0) + 1;
});
const unhandled = [];
process.on("unhandledRejection", (reason) => unhandled.push(String(reason?.message ?? reason)));

const resources = () => process.getActiveResourcesInfo().sort().join(", ");
const turn = () => new Promise((resolve) => setImmediate(resolve));
// What the harness itself opens: its channel, and what Node prints to.
process.channel.ref();
process.stdout.write("");
process.stderr.write("");
for (let round = 0; round < 3; round += 1) await turn();
const atStart = resources();
// Node's fetch keeps a WebAssembly parser of its own: it is to be there before memories are looked for.
await fetch(config.service.endpoint).then((response) => response.text());
watch();
const pkg = await import(pathToFileURL(config.entry).href);
const { soak } = await import("./soak.js");
// A call whose time is up while the module loads makes the next one load it anew.
await pkg.init();
const run = soak({
  ...config,
  pkg: config.fault ? (await import("./faults.js")).faults[config.fault].make(pkg) : pkg,
  callers: config.callers && (await import("./callers.js")).manyCallers(),
});

/** The bytes that are reachable from JavaScript. */
async function heap() {
  for (let round = 0; round < 3; round += 1) {
    global.gc();
    await turn();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Closes the connections that Node keeps for later, and waits until the process is as it was. */
async function close() {
  await run.end();
  await globalThis[Symbol.for("undici.globalDispatcher.1")]?.destroy();
  // Sockets end in their own time.
  for (let round = 0; round < 100 && resources() !== atStart; round += 1)
    await new Promise((resolve) => platform.setTimeout(resolve, 100));
  return { atStart, atEnd: resources(), warnings };
}

const look = async () => ({
  heap: await heap(),
  ...run.look(),
  unhandled,
  nodeListeners: getEventListeners(run.signals.ofTheRun, "abort").length,
});

process.on("message", async ({ id, calls, end }) => {
  try {
    if (calls) await run.run(calls);
    const told = end ? await close() : {};
    process.send({ id, told: { ...(await look()), ...told } });
  } catch (error) {
    process.send({ id, error: String(error?.stack ?? error) });
  }
});
process.send({ ready: true });
