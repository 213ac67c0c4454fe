// Where the processor is during creates against a stubbed fetch, in samples:
//   node inside/profile.js '{"calls":…}' < key.zip
import { readFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { DESCRIPTION, OPTIONS, ANSWER } from "./options.js";

const { calls } = JSON.parse(process.argv[2]);
const file = readFileSync(0);
globalThis.fetch = async () => new Response(file, ANSWER);
const { connect } = await import("../peers/package.js");
const { create } = connect(OPTIONS);
const work = async () => {
  for (let call = 0; call < calls; call += 1) await create(DESCRIPTION);
};

/** By the address of the script; what is built in has none, and counts with who called it. */
const PLACES = [
  ["the module", /^wasm:/],
  ["the glue, and what it calls of the engine", /node-provider-keys\/glue\.js$/],
  ["the package's script around them", /node-provider-keys\/\w+\.js$/],
  ["Node: `Response`, `Headers`, `URL`, streams, `File`, timers", /^node:/],
];
const GARBAGE = "collecting garbage";
const ELSE = "all else: promises, the stub, the loop of the bench";

await work();
const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.setSamplingInterval", { interval: 200 });
await session.post("Profiler.start");
await work();
const { profile } = await session.post("Profiler.stop");

const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
const samples = {};
const count = (node, above) => {
  const { url, functionName } = node.callFrame;
  const own = functionName === "(garbage collector)" ? GARBAGE : PLACES.find(([, pattern]) => pattern.test(url))?.[0];
  const place = own ?? (url === "" ? above : ELSE);
  samples[place] = (samples[place] ?? 0) + node.hitCount;
  for (const child of node.children ?? []) count(nodes.get(child), place);
};
count(profile.nodes[0], ELSE);
console.log(JSON.stringify(samples));
process.exit();
