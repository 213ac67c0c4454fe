// An app for browsers, as esbuild bundles it.
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";

const WASM = "node_provider_keys.wasm";

/** The package's module. esbuild leaves it where it is: who serves the app puts it beside the script. */
export const wasmOf = (folder) => readFileSync(join(folder, "node_modules/node-provider-keys", WASM));

/**
 * Bundles `code`, a module in `folder`; `more` is for esbuild.
 * @returns {Promise<{ first: Map<string, Uint8Array>, later: Map<string, Uint8Array> }>} files by name: what the app
 *   loads at once, `app.js` before all, and what an import() of it loads
 */
export async function bundle(folder, code, more = {}) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: folder, sourcefile: "app.js" },
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
    absWorkingDir: folder,
    outdir: "out",
    entryNames: "app",
    // A hash in a name would change with the folder of this run, and the bytes with it.
    chunkNames: "[name]",
    write: false,
    metafile: true,
    logLevel: "error",
    ...more,
  });
  const all = new Map(outputFiles.map(({ path, contents }) => [relative(folder, path), contents]));
  const first = new Set();
  const walk = (path) => {
    if (first.has(path)) return;
    first.add(path);
    const { imports } = metafile.outputs[path];
    for (const it of imports) if (it.kind === "import-statement" && !it.external) walk(it.path);
  };
  walk("out/app.js");
  const part = (isFirst) => {
    const files = [...all].filter(([path]) => first.has(path) === isFirst);
    return new Map(files.map(([path, bytes]) => [relative("out", path), bytes]));
  };
  return { first: part(true), later: part(false) };
}

/** What a page has in its HTML to load the package's module beside the script. */
export const PRELOAD = `<link rel="preload" as="fetch" crossorigin href="${WASM}">`;

/** All files of a page that runs `code`, by name; `head` is more of its HTML. */
export async function pageOf(folder, code, head = "") {
  const { first, later } = await bundle(folder, code);
  const html = `<!doctype html><title>Bench</title>${head}<script type="module" src="app.js"></script>`;
  return new Map([["index.html", Buffer.from(html)], [WASM, wasmOf(folder)], ...first, ...later]);
}
