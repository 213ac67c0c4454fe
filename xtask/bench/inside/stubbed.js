// One create against a stubbed fetch: prints the processor time of each contender, round by round, as JSON.
//   node inside/stubbed.js '{"contenders":[…],"rounds":…,"calls":…}' < key.zip
import { readFileSync } from "node:fs";
import { shuffled } from "./statistics.js";
import { ON_NODE } from "./on-node.js";
import { ANSWER, DESCRIPTION, OPTIONS } from "./options.js";

const { contenders, rounds, calls } = JSON.parse(process.argv[2]);
const file = readFileSync(0);

// Before the clients are loaded: some keep the fetch that they find then.
globalThis.fetch = async () => new Response(file, ANSWER);

// On Node axios would otherwise open a socket.
const more = { ...ON_NODE, axios: { adapter: "fetch" } };

const creates = {};
for (const name of contenders) {
  const { connect } = await import(`../peers/${name}.js`);
  const client = connect({ ...OPTIONS, ...more[name] });
  creates[name] = () => client.create(DESCRIPTION);
  const answer = await creates[name]();
  const size = answer.size ?? answer.byteLength;
  if (size !== file.length) throw new Error(`${name} gave ${size} bytes of ${file.length}`);
}

/** Of the processor, collecting garbage included: what else the machine does adds nothing to it. */
async function time(create) {
  const start = process.cpuUsage();
  for (let call = 0; call < calls; call += 1) await create();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

const round = async () => {
  const times = {};
  for (const name of shuffled(contenders)) times[name] = await time(creates[name]);
  return times;
};

const WARM_UP = 10;
for (let count = 0; count < WARM_UP; count += 1) await round();
const measured = [];
for (let count = 0; count < rounds; count += 1) measured.push(await round());
console.log(JSON.stringify(measured));
