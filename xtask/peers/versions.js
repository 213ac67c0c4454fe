// Which versions were measured.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const json = (path) => JSON.parse(readFileSync(path, "utf8"));

function ofCrate(name, folder) {
  const lock = readFileSync(new URL(`../bench/${folder}/Cargo.lock`, import.meta.url), "utf8");
  return new RegExp(`name = "${name}"\nversion = "([^"]+)"`).exec(lock)[1];
}

/** The version of each client in the project, by file, and `Node` and `Chromium`. */
export function versionsOf(folder, clients, chromium) {
  const versions = { Node: process.versions.node, ...(chromium ? { Chromium: chromium } : {}) };
  for (const { file, npm, crate } of clients) {
    if (crate) versions[file] = ofCrate(crate, file);
    if (npm) versions[file] = json(join(folder, "node_modules", npm, "package.json")).version;
  }
  const own = json(join(folder, "node_modules/node-provider-keys/package.json"));
  return { ...versions, package: own.version };
}
