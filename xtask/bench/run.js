import { parseArgs } from "node:util";
import { makeProject } from "./project.js";
import { nameOf } from "./peers.js";
import { measure } from "./rows/create.js";
const { values } = parseArgs({ options: { pkg: { type: "string" }, tools: { type: "string" } } });
const folder = makeProject(values.pkg, values.tools);
const got = await measure({ folder });
for (const [file, { median, low, high }] of Object.entries(got)) console.log(nameOf(file).padEnd(28), median.toFixed(2), `(${low.toFixed(2)}–${high.toFixed(2)})`);
