import { parseArgs } from "node:util";
import { makeProject } from "./project.js";
import { nameOf } from "./peers.js";
const { values } = parseArgs({ options: { pkg: { type: "string" }, tools: { type: "string" }, only: {type:"string", multiple:true} } });
const folder = makeProject(values.pkg, values.tools);
const versions = { Node: process.versions.node };
for (const n of values.only) {
const { measure, row } = await import(`./rows/${n}.js`);
console.time(n);
for (const { where, figures } of await measure({ folder, versions })) { console.log(row.what, where);
for (const [file, { median, low, high }] of Object.entries(figures)) console.log("  ",nameOf(file).padEnd(28), median.toFixed(2), `(${low?.toFixed(2)}–${high?.toFixed(2)})`);
}
console.timeEnd(n);
}
process.exit();
