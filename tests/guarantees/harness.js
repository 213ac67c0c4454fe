// What the page needs, served from an origin of its own: the suites, their libraries, and the package under several addresses.
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

const html = ({ title, script }, config) => `<!doctype html>
<meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports: { chai: "/modules/chai/index.js", "node-provider-keys": `/package/first/${config.entry}` } })}</script>
<script src="/modules/mocha/mocha.js"></script>
<script>window.config = ${JSON.stringify(config).replaceAll("<", "\\u003c")};</script>
<script type="module" src="${script}"></script>`;

// Everything but WebAssembly is allowed here.
const NO_WASM = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>No WebAssembly</title>
<script>
const query = new URLSearchParams(location.search);
window.outcome = import(query.get("package"))
  .then(({ createApiKey, isApiKeyError }) => createApiKey({ endpoint: query.get("endpoint"), projectId: "0".repeat(32), token: "token" })
    .then(() => ({ resolved: true }), (error) => ({ kind: error.kind, outcome: error.outcome, isApiKeyError: isApiKeyError(error) })));
</script>`;

/** A `serve` for the rogue server. `page` is its title and script; `config()` is asked when it is; `tell` is called with each result. */
export function harness({ page, config, tell, packageFolder, trapFolder }) {
  const mended = new Set();
  const folders = { tests: join(ROOT, "tests"), modules: join(ROOT, "node_modules") };

  return async ({ path, body: given }) => {
    const document = (body, headers = {}) => ({
      headers: { "Content-Type": TYPES[".html"], "Cache-Control": "no-store", ...headers },
      body,
    });
    if (path === "/") return document(html(page, config()));
    if (path === "/results") {
      tell(JSON.parse(given.toString("utf8")));
      return { body: "" };
    }
    if (path === "/page/no-wasm.html")
      return document(NO_WASM, { "Content-Security-Policy": "default-src 'self' 'unsafe-inline'; connect-src *" });
    const [, area, ...rest] = path.split("/");
    if (area === "mend") {
      mended.add(rest[0]);
      return { body: "" };
    }
    let folder = folders[area];
    if (area === "package" || area === "trap") {
      const [tag] = rest.splice(0, 1);
      folder = area === "package" ? packageFolder : trapFolder;
      // The module's bytes are missing in either form until the copy is mended.
      if (tag.startsWith("flaky") && !mended.has(tag) && /wasm/.test(rest.join("/")))
        return { status: 503, body: "Later." };
    }
    if (!folder) return null;
    const file = normalize(join(folder, decodeURIComponent(rest.join("/"))));
    if (!file.startsWith(folder + sep)) return null;
    try {
      return {
        headers: { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream", "Cache-Control": "no-store" },
        body: await readFile(file),
      };
    } catch {
      return null;
    }
  };
}
