// A web site that answers every POST with a key file, and every GET with a file of the page that it shows.
import { createServer } from "node:http";
import { extname } from "node:path";
import { gzipSync } from "node:zlib";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".wasm": "application/wasm" };
/** Nothing is cached, so that every visit is a first one. */
const FRESH = { "Cache-Control": "no-store" };

/**
 * @param {() => Uint8Array} keyFile what a POST is answered with
 * @returns its `url`; `pages`, to be filled with bytes by path; `close`
 */
export async function startSite(keyFile) {
  const pages = new Map();
  const zipped = new Map();

  const server = createServer({ maxHeaderSize: 128 * 1024 }, (incoming, outgoing) => {
    if (incoming.method === "POST") answer(incoming, outgoing);
    else serve(incoming.url, outgoing);
  });

  function answer(incoming, outgoing) {
    incoming.resume().once("end", () => {
      const body = keyFile();
      outgoing
        .writeHead(200, {
          "Content-Type": "application/zip",
          "Content-Disposition": 'attachment; filename="node-provider-key.zip"',
          "Content-Length": body.length,
          ...FRESH,
        })
        .end(body);
    });
  }

  function serve(path, outgoing) {
    const bytes = pages.get(path);
    if (!bytes) return outgoing.writeHead(404).end();
    if (!zipped.has(path)) zipped.set(path, gzipSync(bytes, { level: 9 }));
    outgoing.writeHead(200, { ...FRESH, "Content-Type": TYPES[extname(path)], "Content-Encoding": "gzip" });
    outgoing.end(zipped.get(path));
  }

  await new Promise((ready, reject) => server.once("error", reject).listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    pages,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
