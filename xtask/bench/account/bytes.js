// Where the bytes are: of the module by what its functions are called in a build that keeps names, and of the script.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, wasmOf } from "../bundle.js";
import { CALLS, zipped } from "../sizes.js";
import { PURPOSES, groupOf } from "./groups.js";

const count = (value) => value.toLocaleString("en");

/** The module without those parts. */
function without(module, parts, isOut) {
  return zipped(Buffer.concat(parts.filter((part) => !isOut(part)).map(({ start, end }) => module.subarray(start, end))));
}

/** Both parts of the script: all but the glue, and the glue. */
async function scriptOf(folder) {
  const weigh = async (external) => {
    const { first } = await bundle(folder, CALLS, { external });
    const files = [...first.values()];
    return { raw: files.reduce((sum, { length }) => sum + length, 0), gzip: files.reduce((sum, file) => sum + zipped(file), 0) };
  };
  const [whole, entry] = [await weigh([]), await weigh(["*/glue.js"])];
  return { entry, glue: { raw: whole.raw - entry.raw, gzip: whole.gzip - entry.gzip } };
}

/** Lines of Markdown. */
export async function bytesOf({ folder, readable, parts: list }) {
  const module = readFileSync(join(readable, "node_provider_keys.wasm"));
  const parts = JSON.parse(readFileSync(list, "utf8")).filter(({ kind }) => kind !== "names");
  for (const part of parts) [part.group, part.purpose] = groupOf(part);
  const size = ({ start, end }) => end - start;
  const raw = (of) => parts.filter(of).reduce((sum, part) => sum + size(part), 0);
  const published = wasmOf(folder).length;
  const all = raw(() => true);
  if (all !== published) throw new Error(`The parts are ${all} bytes, the module is ${published}.`);
  const whole = without(module, parts, () => false);
  const costs = (of) => [raw(of), whole - without(module, parts, of)];

  const line = (cells) => `| ${cells.join(" | ")} |`;
  const row = (what, purpose, [bytes, gzip]) => line([what, purpose, count(bytes), `${(bytes / all * 100).toFixed(1)} %`, count(gzip)]);
  const groups = [...new Set(parts.map(({ group }) => group))]
    .map((group) => ({ group, costs: costs((part) => part.group === group), purpose: parts.find((part) => part.group === group).purpose }))
    .sort((a, b) => b.costs[0] - a.costs[0]);
  const { entry, glue } = await scriptOf(folder);
  const script = (what, { raw, gzip }) => line([what, "", count(raw), "", count(gzip)]);
  return [
    "| part of the module | for | bytes | share | of `gzip -9` |",
    "|---|---|---|---|---|",
    ...groups.map(({ group, purpose, costs }) => row(group, PURPOSES[purpose] ?? "not known", costs)),
    row("**the module**", "", [all, whole]),
    script("the script: entry", entry),
    script("the script: glue", glue),
    "",
    "| all of the module that is for | bytes | share | of `gzip -9` |",
    "|---|---|---|---|",
    ...Object.entries(PURPOSES).map(([purpose, what]) => {
      const [bytes, gzip] = costs((part) => part.purpose === purpose);
      return line([what, count(bytes), `${(bytes / all * 100).toFixed(1)} %`, count(gzip)]);
    }),
  ];
}
