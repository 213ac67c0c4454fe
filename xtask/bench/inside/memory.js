// Pages of linear memory after calls against a stubbed fetch: node inside/memory.js '{"after":[100,1000000]}' < key.zip
import { readFileSync } from "node:fs";
import { captureMemories, captured } from "./capture.js";
import { DESCRIPTION, OPTIONS } from "./options.js";

const PAGE = 65_536;
const { after } = JSON.parse(process.argv[2]);
const file = readFileSync(0);
globalThis.fetch = async () => new Response(file, { status: 200, headers: { "Content-Type": "application/zip" } });
captureMemories();
const { connect } = await import("../peers/package.js");
const { create } = connect(OPTIONS);

const pages = [];
let calls = 0;
for (const count of after) {
  for (; calls < count; calls += 1) await create(DESCRIPTION);
  const [memory, ...others] = captured();
  if (!memory || others.length > 0) throw new Error("one memory was expected: the package's");
  pages.push(memory.buffer.byteLength / PAGE);
}
console.log(JSON.stringify(pages));
