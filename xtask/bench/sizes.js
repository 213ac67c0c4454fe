// What a browser downloads for the two calls: bundled by esbuild, minified, each file by gzip -9.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

/** As a server would send it. */
const zipped = (bytes) => execFileSync("gzip", ["-9nc"], { input: bytes, maxBuffer: 1 << 26 }).length;

/** An app with the two calls: those of the package itself, or those of a peer with what makes them the same calls. */
const appOf = (peer) =>
  peer === "package"
    ? `export { createApiKey, deleteApiKey } from "node-provider-keys";`
    : `export { connect } from "./peers/${peer}.js";`;

/** The files of the bundle by what loads them: `first` with the app, `later` by an import() of it. */
async function bundle(folder, peer) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: appOf(peer), resolveDir: folder },
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
    absWorkingDir: folder,
    outdir: "out",
    // A hash in a name would change with the folder of this run, and the bytes with it.
    chunkNames: "[name]",
    write: false,
    metafile: true,
    logLevel: "error",
  });
  const bytesOf = (path) => Buffer.from(outputFiles.find((file) => file.path === join(folder, path)).contents);
  const [entry] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === "<stdin>");
  const first = new Set();
  const walk = (path) => {
    if (first.has(path)) return;
    first.add(path);
    for (const { path: next, kind } of metafile.outputs[path].imports) if (kind === "import-statement") walk(next);
  };
  walk(entry);
  const later = Object.keys(metafile.outputs).filter((path) => !first.has(path));
  return { first: [...first].map(bytesOf), later: later.map(bytesOf) };
}

const sum = (list) => list.reduce((total, bytes) => total + zipped(bytes), 0);

/** Bytes of the package: `script`, `wasm`, `total`; and `fallback`, which only loads where the wasm does not. */
export async function sizeOfPackage(folder) {
  const { first, later } = await bundle(folder, "package");
  const wasm = zipped(readFileSync(join(folder, "node_modules/node-provider-keys/node_provider_keys.wasm")));
  const script = sum(first);
  return { script, wasm, total: script + wasm, fallback: sum(later) };
}

/** Bytes of a client without a module of its own. */
export async function sizeOfPeer(folder, peer) {
  const { first } = await bundle(folder, peer);
  return sum(first);
}
