import { cpSync } from "node:fs";
import { join } from "node:path";
import { documented, load, onNode, onSite, project, shakes, version } from "./world.js";

async function bundle(entry, more) {
  const { rspack } = await load("@rspack/core");
  const folder = project();
  const compiler = rspack({
    context: folder,
    entry: `./${entry}`,
    mode: "production",
    output: { path: join(folder, "out"), filename: "page.js" },
    ...more,
  });
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
  cpSync(join(folder, "index.html"), join(folder, "out/index.html"));
  return join(folder, "out");
}

export default [
  { name: "Rspack, build for browsers", run: async () => onSite(await bundle("page.js"), 1) },
  {
    name: "Rspack, build for browsers (with a rule for other .wasm files)",
    run: async () => onSite(await bundle("page.js", await documented("frameworks.md", "webassembly/async")), 1),
  },
  {
    name: "Rspack, build for Node",
    run: async () => onNode(join(await bundle("node.js", { target: "node20" }), "page.js")),
  },
  { name: "Rspack, unused import", run: () => shakes((entry) => bundle(entry)) },
].map((row) => ({ ...row, version: () => version("@rspack/core") }));
