// What the sources are like: short files, and none that needs itself.
import { assert } from "chai";
import { files, read } from "../support/files.js";
import { circles, importsOfModules, importsOfScripts, withoutTests } from "./circles.js";

/** Lines that a file may have without its tests. */
const LONGEST = 400;
const FOLDERS = ["src/", "pkg-template/", "www/"];
const CODE = /\.(js|rs|css|html|d\.ts)$/;

const told = (found) => found.map((way) => way.join(" → "));

describe("The sources", () => {
  it(`no file of ${FOLDERS.join(", ")} has more than ${LONGEST} lines without its tests`, () => {
    const looked = files.filter((path) => FOLDERS.some((folder) => path.startsWith(folder)) && CODE.test(path));
    assert.isAbove(looked.length, 70);
    const linesOf = (path) => withoutTests(read(path)).trimEnd().split("\n").length;
    const long = looked.filter((path) => !/_tests\.rs$/.test(path)).map((path) => [path, linesOf(path)]);
    assert.deepEqual(
      long.filter(([, lines]) => lines > LONGEST),
      [],
    );
  });

  for (const folder of ["pkg-template/", "www/"])
    it(`no script of ${folder} imports itself by a detour`, () => {
      const imports = importsOfScripts(
        files.filter((path) => path.startsWith(folder) && path.endsWith(".js")),
        read,
      );
      assert.isAbove([...imports.values()].flat().length, 20);
      assert.deepEqual(told(circles(imports)), []);
    });

  for (const folder of ["src/", "service/src/", "xtask/src/"])
    it(`no module of ${folder} uses itself by a detour`, () => {
      const imports = importsOfModules(folder, files, read);
      assert.isAbove([...imports.values()].flat().length, 15);
      assert.deepEqual(told(circles(imports)), []);
    });

  it("a circle is found, whichever way it is written", () => {
    const scripts = { "a.js": 'import { b } from "./b.js";', "b.js": 'const c = () => import("./c.js");', "c.js": "" };
    const importsOf = (texts) => importsOfScripts(Object.keys(texts), (path) => texts[path]);
    assert.deepEqual(circles(importsOf(scripts)), []);
    assert.deepEqual(told(circles(importsOf({ ...scripts, "c.js": 'export { a } from "./a.js";' }))), [
      "a.js → b.js → c.js → a.js",
    ]);
    const modules = {
      "src/a.rs": "use crate::{b::{C, D}, e};",
      "src/b/mod.rs": "mod c;\npub use c::C;",
      "src/b/c.rs": "use super::super::x;\n#[cfg(test)]\nmod tests {\n    use crate::a::A;\n}",
      "src/e.rs": "use std::fs;",
    };
    const usesOf = (texts) => importsOfModules("src/", Object.keys(texts), (path) => texts[path]);
    assert.deepEqual(usesOf(modules).get("src/a.rs"), ["src/b/mod.rs", "src/e.rs"]);
    assert.deepEqual(circles(usesOf(modules)), []);
    assert.deepEqual(told(circles(usesOf({ ...modules, "src/e.rs": "use crate::a::A;" }))), [
      "src/a.rs → src/e.rs → src/a.rs",
    ]);
  });
});
