// The most memory that one create takes:
//   node inside/peak.js '{"contender":"axios","endpoint":"http://…","warmUp":"http://…"}'
import { readFileSync, writeFileSync } from "node:fs";
import { DESCRIPTION, OPTIONS } from "./options.js";

/** Bytes, as Linux counts them: "VmRSS" is now, "VmHWM" the most so far. */
const status = (name) => {
  const [, kilobytes] = new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync("/proc/self/status", "utf8"));
  return Number(kilobytes) * 1024;
};

const { contender, warmUp, endpoint, more } = JSON.parse(process.argv[2]);
const { connect } = await import(`../peers/${contender}.js`);
// Loads what is loaded once.
for (let count = 0; count < 3; count += 1) await connect({ ...OPTIONS, ...more, endpoint: warmUp }).create(DESCRIPTION);
const { create } = connect({ ...OPTIONS, ...more, endpoint });
// Makes the most so far what is held now.
writeFileSync("/proc/self/clear_refs", "5");
const before = status("VmRSS");
const answer = await create(DESCRIPTION);
const peak = status("VmHWM") - before;
console.log(JSON.stringify({ peak, size: answer.size ?? answer.byteLength }));
process.exit();
