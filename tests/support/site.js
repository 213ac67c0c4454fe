// A user's web site: static files, and under /nes a relay to the service.
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { extname, join, normalize, sep } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};
const RELAY = "/nes";

/**
 * @param {string} service the service's address
 * @returns what is relayed shows in `relayed`; `rule(pathname)` may give `{ status, headers, body }` to change an answer
 */
export async function startSite(service) {
  const site = { folder: undefined, relayed: [], rule: () => ({}) };

  const server = createServer({ maxHeaderSize: 128 * 1024 }, (incoming, outgoing) => {
    const { pathname } = new URL(incoming.url, "http://site");
    if (pathname.startsWith(`${RELAY}/`)) relay(incoming, outgoing);
    else serve(pathname, outgoing);
  });

  function relay(incoming, outgoing) {
    const onward = request(
      new URL(incoming.url.slice(RELAY.length), service),
      { method: incoming.method, headers: { ...incoming.headers, host: new URL(service).host } },
      (answer) => {
        outgoing.writeHead(answer.statusCode, answer.headers);
        const body = [];
        answer.on("data", (chunk) => body.push(chunk));
        answer.once("end", () =>
          site.relayed.push({ method: incoming.method, status: answer.statusCode, body: Buffer.concat(body) }),
        );
        answer.pipe(outgoing);
      },
    );
    onward.once("error", (error) => outgoing.writeHead(502).end(error.message));
    incoming.pipe(onward);
  }

  async function serve(pathname, outgoing) {
    const path = normalize(join(site.folder, pathname === "/" ? "index.html" : decodeURIComponent(pathname)));
    const { status = 200, headers, body } = site.rule(pathname);
    try {
      if (!path.startsWith(site.folder + sep)) throw new Error("outside of the site");
      const content = body ?? (await readFile(path));
      outgoing
        .writeHead(status, { "Content-Type": TYPES[extname(path)] ?? "application/octet-stream", ...headers })
        .end(content);
    } catch {
      outgoing.writeHead(404, { "Content-Type": TYPES[".html"] }).end("<!doctype html><title>Not found</title>");
    }
  }

  await new Promise((ready, reject) => server.once("error", reject).listen(0, "127.0.0.1", ready));
  return Object.assign(site, {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Shows another folder from now on, by `rule`, and forgets what was relayed. */
    show(folder, rule = () => ({})) {
      site.folder = folder;
      site.rule = rule;
      site.relayed = [];
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  });
}
