// Searches for input that breaks a check of one script: node tests/scripts/fuzz.js NAME.js --found DIR [--seed N] [--keep]
//   NAME.js       the script that NAME.check.js is about
//   --found DIR   where inputs are kept that reach new code; the search begins with those there, too
//   --seed N      the seed of chance: another one each time, unless it is given
//   --keep        only adds to the corpus what is found there and reaches code that no input of the corpus does
// It searches until SIGUSR2, as libFuzzer does.
import { createHash, randomInt } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { corpus } from "./kit.js";
import { LONGEST, search, watch } from "./search.js";

const OPTIONS = {
  found: { type: "string" },
  seed: { type: "string" },
  keep: { type: "boolean", default: false },
};
/** No input takes so many milliseconds, however busy the machine is: longer is a hang. */
const HANG = 60_000;

const hash = (data) => createHash("sha1").update(data).digest("hex");
const isOfThePackage = (url) => url.includes("/pkg-template/");

/** What the threads share: how many inputs there were, the length of the one that runs, whether to end; its bytes. */
const viewsOf = (shared) => ({ numbers: new Int32Array(shared, 0, 3), bytes: new Uint8Array(shared, 12) });

/** What is searched, watched from before it is loaded. */
async function targetOf(name) {
  const watched = watch(isOfThePackage);
  const { target } = await import(`./${name.replace(/\.js$/, "")}.check.js`);
  return { ...target, watched, seeds: target.seeds.flatMap(corpus).map(({ data }) => data), places: target.seeds };
}

const inputsIn = (folder) => readdirSync(folder).map((name) => readFileSync(join(folder, name)));

/** The thread that searches. */
async function work({ name, found, seed, shared }) {
  const target = await targetOf(name);
  const { numbers, bytes } = viewsOf(shared);
  const about = (data) => {
    bytes.set(data.subarray(0, LONGEST));
    Atomics.store(numbers, 1, Math.min(data.length, LONGEST));
    Atomics.add(numbers, 0, 1);
  };
  const keep = (data) => writeFileSync(join(found, hash(data)), data);
  const { watched } = target;
  const { executions, ran, broken, error } = await search(
    { ...target, seeds: [...target.seeds, ...inputsIn(found)] },
    { watched, seed, isOver: () => Atomics.load(numbers, 2) === 1, about, keep },
  );
  parentPort.postMessage({
    executions,
    ran,
    broken,
    problem: error && String(error.stack ?? error),
  });
}

/** Adds to the corpus what reaches code that nothing there does. */
async function keepNew(name, found) {
  const { watched, places, ...target } = await targetOf(name);
  const folder = new URL(`../${places[0]}/`, import.meta.url);
  const inputs = inputsIn(found).sort((one, other) => one.length - other.length);
  const keep = (data) => writeFileSync(new URL(hash(data), folder), data);
  await search({ ...target, more: inputs }, { watched, seed: 0, isOver: () => true, keep });
}

/** Shows an input that breaks the check, and keeps it. */
function tellBroken(folder, data, problem) {
  const path = `${folder}-${hash(data)}`;
  writeFileSync(path, data);
  console.log(`broken by ${JSON.stringify(Buffer.from(data).toString("latin1"))}, each byte a character, see ${path}`);
  console.log(problem);
  process.exitCode = 1;
}

async function main() {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [name] = positionals;
  if (!name || !values.found) throw new Error("Say which script, and where to keep what is found: NAME.js --found DIR");
  mkdirSync(values.found, { recursive: true });
  if (values.keep) return await keepNew(name, values.found);
  const seed = Number(values.seed ?? randomInt(2 ** 32));
  console.log(`${name}: seed ${seed}`);
  const shared = new SharedArrayBuffer(12 + LONGEST);
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { name, found: values.found, seed, shared },
  });
  const { numbers, bytes } = viewsOf(shared);
  process.on("SIGUSR2", () => Atomics.store(numbers, 2, 1));
  let last = -1;
  const watchdog = setInterval(() => {
    const [count, length] = numbers;
    if (count === last && count > 0) {
      tellBroken(values.found, bytes.slice(0, length), `it took more than ${HANG / 1000} s`);
      worker.terminate();
    }
    last = count;
  }, HANG);
  worker.on("message", ({ executions, ran, broken, problem }) => {
    if (broken) tellBroken(values.found, broken, problem);
    console.log(`${ran} characters of the package ran`);
    // As libFuzzer says it.
    console.log(`stat::number_of_executed_units: ${executions}`);
  });
  const [code] = await new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("exit", (...values) => resolve(values));
  }).finally(() => clearInterval(watchdog));
  if (code !== 0) process.exitCode = 1;
}

if (isMainThread) await main();
else await work(workerData);
