// The rows in Chromium: a page for each, with all clients side by side.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openBrowser } from "../../tests/support/drivers.js";
import { bundle, wasmOf } from "../bench/bundle.js";
import { judge } from "./world.js";

const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript", wasm: "application/wasm" };

const app = (clients) => `
  ${clients.map(({ file }, at) => `import * as client${at} from "./peers/${file}.js";`).join("\n")}
  import { offer } from "./measure/inside/page.js";
  offer({ ${clients.map(({ file }, at) => `"${file}": client${at}`).join(", ")} });
`;

/** Fills `files` with all that the page loads, by path. */
export async function pageOf(folder, clients, files) {
  const { first, later } = await bundle(folder, app(clients), { chunkNames: "[hash]", minify: false });
  const html =
    '<!doctype html><title>Peers</title><link rel="icon" href="data:,"><script type="module" src="app.js"></script>';
  files.set("/index.html", html);
  for (const [name, bytes] of [...first, ...later]) files.set(`/${name}`, Buffer.from(bytes));
  files.set("/node_provider_keys.wasm", wasmOf(folder));
  for (const name of ["gloo", "reqwest"])
    files.set(`/${name}_bg.wasm`, readFileSync(join(folder, name, `${name}_bg.wasm`)));
}

/** A `serve` for the server. */
export const serveFrom =
  (files) =>
  async ({ path }) => {
    const body = files.get(path);
    return body ? { headers: { "Content-Type": TYPES[path.split(".").at(-1)] }, body } : null;
  };

/** Opens a browser; `measure` gives what the judge says of each client. */
export async function openChromium(world) {
  const { driver, version, close } = await openBrowser("chromium");
  await driver.manage().setTimeouts({ script: 600_000 });

  async function measure(row, clients) {
    await driver.get(`${world.origin}/index.html`);
    await driver.wait(() => driver.executeScript("return typeof measure === 'function'"), 20_000, "no script ran");
    const all = [];
    for (const client of clients) all.push({ client, ...(await world.casesOf(row, client)) });
    const work = Object.fromEntries(all.map(({ client, prepared }) => [client.file, prepared.map(({ task }) => task)]));
    const { result, error } = await driver.executeAsyncScript(
      `const [work, together, done] = arguments;
       measure(work, together).then((result) => done({ result }), (error) => done({ error: String(error?.stack ?? error) }));`,
      work,
      row.isSlow === true,
    );
    if (error) throw new Error(error);
    return new Map(all.map(({ client, prepared }) => [client, judge(row, client, prepared, result[client.file])]));
  }

  return { version, measure, close };
}
