// Finds files that import themselves by a detour.

/**
 * Files that stand in a circle, each as the way around: `["a.js", "b.js", "a.js"]`.
 * @param {Map<string, string[]>} imports what each file imports
 */
export function circles(imports) {
  const found = [];
  const done = new Set();
  const walk = (file, way) => {
    const at = way.indexOf(file);
    if (at >= 0) found.push([...way.slice(at), file]);
    if (at >= 0 || done.has(file)) return;
    for (const next of imports.get(file) ?? []) walk(next, [...way, file]);
    done.add(file);
  };
  for (const file of imports.keys()) walk(file, []);
  return found;
}

/** The scripts of a folder, each with those that it imports beside it. */
export function importsOfScripts(paths, read) {
  const importsOf = (path) =>
    // A comment that names a type imports nothing.
    [
      ...read(path)
        .replace(/\/\*.*?\*\//gs, "")
        .matchAll(/^(?:import|export)\b[^;]*?["']\.\/([^"']+)["'];|\bimport\(["']\.\/([^"']+)["']\)/gm),
    ].map(([, name, later]) => path.replace(/[^/]*$/, name ?? later));
  return new Map(paths.map((path) => [path, importsOf(path).filter((name) => paths.includes(name))]));
}

/** A file without its tests, which end it: they may use anything, and be as long as they like. */
export const withoutTests = (text) => text.split(/^#\[cfg\((?:all\()?test\b[^\n]*\n(?:#\[[^\n]*\n)*mod \w+/m)[0];

/** `a::{b, c::{d, e}}` as `a::b`, `a::c::d`, `a::c::e`. */
function pathsOf(tree) {
  const [, head, inner] = /^([^{]*)\{(.*)\}$/s.exec(tree) ?? [];
  if (inner === undefined) return [tree.trim()];
  const parts = [""];
  let depth = 0;
  for (const letter of inner) {
    if (letter === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += letter;
    depth += { "{": 1, "}": -1 }[letter] ?? 0;
  }
  return parts.filter((part) => part.trim()).flatMap((part) => pathsOf(part.trim()).map((path) => head.trim() + path));
}

/** The modules of a crate in `folder`, each with those that it uses by `use crate::…` or `use super::…`. */
export function importsOfModules(folder, paths, read) {
  const sources = paths.filter((path) => path.startsWith(folder) && path.endsWith(".rs"));
  const nameOf = (path) => path.slice(folder.length, -".rs".length).replace(/\/mod$/, "");
  const byName = new Map(sources.map((path) => [nameOf(path), path]));
  const fileOf = (parts) => {
    for (let length = parts.length; length > 0; length -= 1) {
      const file = byName.get(parts.slice(0, length).join("/"));
      if (file) return file;
    }
    return undefined;
  };
  const usesOf = (path) => {
    const here = nameOf(path).split("/");
    const uses = [...withoutTests(read(path)).matchAll(/^(?:pub )?use ((?:crate|super)::[^;]+);/gm)];
    return uses
      .flatMap(([, tree]) => pathsOf(tree.replace(/\s+/g, " ")))
      .map((use) => use.replace(/ as .*$/, "").split("::"))
      .map((parts) => (parts[0] === "crate" ? parts.slice(1) : [...here.slice(0, -1), ...parts.slice(1)]))
      .map(fileOf)
      .filter((file) => file !== undefined && file !== path);
  };
  return new Map(sources.map((path) => [path, [...new Set(usesOf(path))]]));
}
