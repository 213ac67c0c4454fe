import { build, configuration, rowsOf } from "./packs.js";
import { inPage, load, version } from "./world.js";

async function bundle(entry, more) {
  const { default: webpack } = await load("webpack");
  return build(webpack, entry, more);
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

export default [...rowsOf("webpack", bundle), { name: "webpack, dev server", run: dev }].map((row) => ({
  ...row,
  version: () => version("webpack"),
}));
