// What keeping connections alive for static files would give the page: node tests/page/alive.js --pkg DIR
//
// Serves the page's files once with a connection for each and once with connections that are kept, to Chromium, with an
// empty cache each time, and prints how many files there were, over how many connections, and how long they took.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { openBrowser } from "../support/drivers.js";
import { REPOSITORY } from "./world.js";

const { values } = parseArgs({ options: { pkg: { type: "string" } } });
if (!values.pkg) {
  console.error("Say where the package is: --pkg DIR");
  process.exit(2);
}
const ROUNDS = 21;
const TYPES = { ".html": "text/html", ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm" };
const ROOTS = { www: join(REPOSITORY, "www"), pkg: resolve(values.pkg) };

function fileOf(url) {
  const [, root, ...path] = normalize(new URL(url, "http://localhost").pathname).split("/");
  const name = path.join("/") || "index.html";
  return [gzipSync(readFileSync(join(ROOTS[root], name))), TYPES[extname(name)] ?? "text/javascript"];
}

async function serve(isKept) {
  const counts = { files: 0, connections: 0 };
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
    counts.files += 1;
    outgoing.shouldKeepAlive = isKept;
    try {
      const [body, type] = fileOf(incoming.url);
      outgoing.writeHead(200, { "content-type": type, "content-encoding": "gzip", "content-length": body.length });
      outgoing.end(body);
    } catch {
      outgoing.writeHead(404).end();
    }
  });
  server.on("connection", () => {
    counts.connections += 1;
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { counts, url: `http://127.0.0.1:${server.address().port}/www/`, times: [], server };
}

const servers = { "a connection for each": await serve(false), "kept connections": await serve(true) };
const browser = await openBrowser("chromium");
await browser.devTools("Network.enable", {});
for (let round = 0; round < ROUNDS; round += 1)
  for (const { url, times, counts } of Object.values(servers)) {
    await browser.driver.get("about:blank");
    await browser.devTools("Network.clearBrowserCache", {});
    counts.files = 0;
    counts.connections = 0;
    await browser.driver.get(url);
    await browser.driver.wait(() => browser.driver.executeScript("return !document.querySelector('#loading')"), 15_000);
    times.push(
      await browser.driver.executeScript(
        "return Math.max(...performance.getEntriesByType('resource').map((entry) => entry.responseEnd))",
      ),
    );
  }
for (const [name, { counts, times }] of Object.entries(servers)) {
  const median = times.sort((a, b) => a - b)[ROUNDS >> 1];
  console.log(`${name}: ${counts.files} files, ${counts.connections} connections, ${median.toFixed(0)} ms`);
}
await browser.close();
for (const { server } of Object.values(servers)) server.close();
process.exit(0);
