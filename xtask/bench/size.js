// Weighs the package against its budget: node xtask/bench/size.js --pkg DIR [--tools DIR --wasm DIR]
//   --pkg DIR     where the packed package is installed
//   --tools DIR   where xtask/bench/package-lock.json is installed: also prints what the peers weigh
//   --wasm DIR    what wasm-bindgen made of those that are Rust
import { parseArgs } from "node:util";
import { peersWith } from "./peers.js";
import { makeProject } from "./project.js";
import { budget, sizeOfPackage, sizeOfPeer } from "./sizes.js";

const text = { type: "string" };
const { values } = parseArgs({ options: { pkg: text, tools: text, wasm: text } });
const line = (name, bytes, note = "") =>
  console.log(`${name.padEnd(28)}${bytes.toLocaleString("en").padStart(8)}  ${note}`.trimEnd());

const folder = makeProject(values);
const weights = await sizeOfPackage(folder);
let failed = 0;
console.log("download for the two calls in a browser, bytes of gzip -9");
for (const [part, limit] of Object.entries(budget)) {
  const over = weights[part] - limit;
  if (!(over <= 0)) failed += 1;
  line(part, weights[part], `budget ${limit.toLocaleString("en")}: ${over > 0 ? `${over} TOO MANY` : `${-over} left`}`);
}
line("fallback", weights.fallback, "the module as text, loaded only where the .wasm cannot be; not counted");
if (values.tools) for (const { file, name } of peersWith("size")) line(name, await sizeOfPeer(folder, file));

console.log(`${Object.keys(budget).length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
