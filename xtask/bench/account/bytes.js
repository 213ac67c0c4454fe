// Where the bytes are: of the module by what its functions are called in a build that keeps names, and of the script.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, wasmOf } from "../bundle.js";
import { CALLS, zipped } from "../sizes.js";
import { PURPOSES, groupOf } from "./groups.js";
import { tableOf } from "./table.js";

const count = (value) => value.toLocaleString("en");

/** The module as a list of parts that have `bytes`, `group` and `purpose`, without the names. */
function partsOf({ readable, parts }) {
  const module = readFileSync(join(readable, "node_provider_keys.wasm"));
  return JSON.parse(readFileSync(parts, "utf8"))
    .filter(({ kind }) => kind !== "names")
    .map((part) => {
      const [group, purpose] = groupOf(part);
      return { bytes: module.subarray(part.start, part.end), group, purpose };
    });
}

/** What is in a file of those parts: bytes, and bytes of gzip -9. */
function weigh(parts) {
  const whole = Buffer.concat(parts.map(({ bytes }) => bytes));
  return { raw: whole.length, gzip: zipped(whole) };
}

const minus = (one, other) => ({ raw: one.raw - other.raw, gzip: one.gzip - other.gzip });

/** The script without its glue, and the glue. */
async function scriptOf(folder) {
  const scriptWithout = async (external) => {
    const { first } = await bundle(folder, CALLS, { external });
    return weigh([...first.values()].map((bytes) => ({ bytes })));
  };
  const entry = await scriptWithout(["*/glue.js"]);
  return { entry, glue: minus(await scriptWithout([]), entry) };
}

/** Lines of Markdown. */
export async function bytesOf(world) {
  const parts = partsOf(world);
  const all = weigh(parts);
  const published = wasmOf(world.folder).length;
  if (all.raw !== published) throw new Error(`The parts are ${all.raw} bytes, and the module is ${published}.`);

  const cost = (isMeant) => minus(all, weigh(parts.filter((part) => !isMeant(part))));
  const cells = ({ raw, gzip }) => [count(raw), `${((raw / all.raw) * 100).toFixed(1)} %`, count(gzip)];
  const purposes = new Map(parts.map(({ group, purpose }) => [group, purpose]));
  const groups = [...purposes]
    .map(([group, purpose]) => ({ group, purpose, cost: cost((part) => part.group === group) }))
    .sort((a, b) => b.cost.raw - a.cost.raw);
  const { entry, glue } = await scriptOf(world.folder);

  return [
    ...tableOf(
      ["part of the module", "for", "bytes", "share", "`gzip -9` less by"],
      [
        ...groups.map(({ group, purpose, cost }) => [group, PURPOSES[purpose] ?? "", ...cells(cost)]),
        ["**the module**", "", ...cells(all)],
        ["the script but for its glue", "", count(entry.raw), "", count(entry.gzip)],
        ["the glue", "", count(glue.raw), "", count(glue.gzip)],
      ],
    ),
    "",
    ...tableOf(
      ["all of the module that is for", "bytes", "share", "`gzip -9` less by"],
      [...Object.entries(PURPOSES).map(([key, what]) => [what, ...cells(cost(({ purpose }) => purpose === key))])],
    ),
  ];
}
