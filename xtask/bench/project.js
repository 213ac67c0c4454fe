// A user's project with the package and all its peers installed, and our programs in it.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** How the tests of the guarantees get hold of linear memory. */
const CAPTURE = fileURLToPath(new URL("../../tests/guarantees/memory.js", import.meta.url));

/**
 * Makes the project in a temporary folder, which goes when the process ends.
 * @param {{ pkg: string, tools?: string, wasm?: string }} folders `pkg` has the packed package installed, `tools` what
 *   package-lock.json names, `wasm` is what wasm-bindgen made of the peers that are Rust; without the latter two
 *   there is no peer
 */
export function makeProject({ pkg, tools, wasm }) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "npk-bench-")));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const installed of [pkg, tools]) if (installed) link(join(resolve(installed), "node_modules"), modules);
  for (const part of ["peers", "inside", "package.json"]) {
    cpSync(join(HERE, part), join(folder, part), { recursive: true });
  }
  if (wasm) cpSync(wasm, folder, { recursive: true });
  cpSync(CAPTURE, join(folder, "inside/capture.js"));
  if (!existsSync(join(modules, "node-provider-keys"))) {
    throw new Error(`The package is not installed in ${pkg}: npm install its tarball there first.`);
  }
  return folder;
}

function link(from, to) {
  for (const name of readdirSync(from)) if (!name.startsWith(".")) symlinkSync(join(from, name), join(to, name));
}
