// What webpack and Rspack have in common: their configuration, a build, and the rows of both.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { documented, onNode, onSite, project, shakes } from "./world.js";

export function configuration(entry, more) {
  const folder = project();
  return {
    context: folder,
    entry: `./${entry}`,
    mode: "production",
    output: { path: join(folder, "out"), filename: "page.js" },
    stats: "none",
    ...more,
  };
}

/** Builds a page of `entry`, or what `more` says; `pack` is the tool's own function. Gives the folder. */
export async function build(pack, entry, more) {
  const given = configuration(entry, more);
  const compiler = pack(given);
  try {
    await new Promise((done, reject) =>
      compiler.run((error, stats) => {
        if (error || stats.hasErrors() || stats.hasWarnings())
          reject(error ?? new Error(stats.toString({ all: false, errors: true, warnings: true })));
        else done();
      }),
    );
  } finally {
    await new Promise((done) => compiler.close(done));
  }
  cpSync(join(given.context, "index.html"), join(given.output.path, "index.html"));
  return given.output.path;
}

/** The rows of a tool by how it bundles. */
export const rowsOf = (name, bundle) => [
  { name: `${name}, build for browsers`, run: async () => onSite(await bundle("page.js"), 1) },
  {
    name: `${name}, build for browsers (with a rule for other .wasm files)`,
    run: async () => onSite(await bundle("page.js", await documented("frameworks.md", "webassembly/async")), 1),
  },
  {
    name: `${name}, build for Node`,
    run: async () => onNode(join(await bundle("node.js", { target: "node20" }), "page.js")),
  },
  { name: `${name}, unused import`, run: () => shakes((entry) => bundle(entry)) },
];
