import { cpSync } from "node:fs";
import { join } from "node:path";
import { documented, inPage, load, onNode, onSite, project, shakes, version } from "./world.js";

function configuration(entry, more) {
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

async function bundle(entry, more) {
  const { default: webpack } = await load("webpack");
  const given = configuration(entry, more);
  const compiler = webpack(given);
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

async function dev() {
  const [{ default: webpack }, { default: Server }] = [await load("webpack"), await load("webpack-dev-server")];
  const given = configuration("page.js", { mode: "development", infrastructureLogging: { level: "none" } });
  const server = new Server({ host: "127.0.0.1", port: "auto", static: given.context }, webpack(given));
  await server.start();
  try {
    await inPage(`http://127.0.0.1:${server.server.address().port}/`);
  } finally {
    await server.stop();
  }
}

export default [
  { name: "webpack, build for browsers", run: async () => onSite(await bundle("page.js"), 1) },
  {
    name: "webpack, build for browsers (with a rule for other .wasm files)",
    run: async () => onSite(await bundle("page.js", await documented("frameworks.md", "webassembly/async")), 1),
  },
  {
    name: "webpack, build for Node",
    run: async () => onNode(join(await bundle("node.js", { target: "node20" }), "page.js")),
  },
  { name: "webpack, unused import", run: () => shakes((entry) => bundle(entry)) },
  { name: "webpack, dev server", run: dev },
].map((row) => ({ ...row, version: () => version("webpack") }));
