// The calls of one client for one row, on Node: a child of on-node.js, in a process of its own.
import { inspect } from "node:util";
import { ON_NODE } from "../../inside/on-node.js";
import { captureMemories, secretsInMemory } from "../../inside/capture.js";
import { actAll } from "./act.js";
import { inContexts } from "./contexts.js";

const { file, tasks, together, contexts, secrets } = JSON.parse(process.env.NPK_PEERS);

let text = "";
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk, ...rest) => {
    text += chunk;
    rest.findLast((it) => typeof it === "function")?.();
    return true;
  };
}
let crashed;
const crash = new Promise((done) => {
  crashed = done;
});
process.on("uncaughtException", crashed).on("unhandledRejection", crashed);

// Node's fetch has a WebAssembly module of its own, which this makes it load.
await fetch(tasks[0].warm).then((answer) => answer.text());
captureMemories();
const more = ON_NODE[file];
const place = { more, inspect, written: () => text, crash };
const load = () => import(`../../peers/${file}.js`);

async function work() {
  const seen = contexts
    ? [await inContexts(file, load, tasks, more)]
    : await actAll(file, (await load()).connect, tasks, together, place);
  const kept = secrets && Object.keys(secrets).filter((name) => secretsInMemory([secrets[name]]).length > 0);
  return { seen, kept };
}

const end = (result) => process.send(result, () => process.exit());
work().then(end, (error) => end({ error: String(error?.stack ?? error) }));
