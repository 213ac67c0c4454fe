// How often one create crosses between the module and its glue, by what for:
//   node inside/crossings.js '{"package":"…","calls":100}' < key.zip
// `package` is the folder of one whose glue is laid out to be read.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ANSWER, DESCRIPTION, OPTIONS } from "./options.js";

const INTO = "the module entered: the call, what has settled, room for text";
const ELSE = "other functions of the platform called";
/** By what the glue does. */
const KINDS = [
  ["handles let go", /\{\s*takeObject\(arg0\);\s*\}$/],
  ["handles doubled", /\{\s*const ret = getObject\(arg0\);\s*return addHeapObject\(ret\);\s*\}$/],
  ["steps of the platform begun, and waited for", /\.(ask|send|read|sleep|load|pour|write|close|writer|then)\(/],
  ["options read", /\.(options|unread|endpoint|endpointHas|text|number|usable|unknown|known|lack)\b/],
  ["the call's state and what came read", /\.(state|status|body|json|member|header|isRefused|size|word|adopt)\(/],
  ["the call settled", /\.(give|fail|promise|set)\b|new Array/],
];

const task = JSON.parse(process.argv[2]);
const counts = Object.fromEntries([...KINDS.map(([kind]) => kind), ELSE, INTO].map((kind) => [kind, 0]));

const counted =
  (kindOf) =>
  ([name, value]) => {
    if (typeof value !== "function") return [name, value];
    const kind = kindOf(value);
    return [
      name,
      (...values) => {
        counts[kind] += 1;
        return value(...values);
      },
    ];
  };
const importKind = (value) => KINDS.find(([, pattern]) => pattern.test(value))?.[0] ?? ELSE;
const each = (record, change) => Object.fromEntries(Object.entries(record).map(change));
const ofImports = ([from, functions]) => [from, each(functions, counted(importKind))];

WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(Instance, [module, imports]) {
    const { exports } = new Instance(module, each(imports, ofImports));
    return {
      exports: each(
        exports,
        counted(() => INTO),
      ),
    };
  },
});

const file = readFileSync(0);
globalThis.fetch = async () => new Response(file, ANSWER);
const { createApiKey } = await import(pathToFileURL(join(task.package, "node.js")));
const create = async (calls) => {
  for (let call = 0; call < calls; call += 1) await createApiKey({ ...OPTIONS, description: DESCRIPTION });
};
// The first calls set up what later ones keep.
await create(10);
for (const kind in counts) counts[kind] = 0;
await create(task.calls);
if (counts[INTO] === 0) throw new Error("no crossing was seen: the package makes its instance in another way");
console.log(JSON.stringify(each(counts, ([kind, count]) => [kind, count / task.calls])));
