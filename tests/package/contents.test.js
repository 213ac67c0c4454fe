// What is in the package.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { assert } from "chai";
import { REPOSITORY, subject } from "../support/consumer.js";

const LISTING = new URL("./listing.txt", import.meta.url);
const manifest = () => JSON.parse(readFileSync(join(subject.package, "package.json"), "utf8"));

function files() {
  return readdirSync(subject.package, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      relative(subject.package, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join("/"),
    )
    .sort();
}

describe("The package", () => {
  it("holds the files of tests/package/listing.txt: write a meant change there", () => {
    assert.deepEqual(files(), readFileSync(LISTING, "utf8").trim().split("\n"));
  });

  it("has one WebAssembly module, and its copy as text says the same", async () => {
    assert.deepEqual(
      files().filter((name) => name.endsWith(".wasm")),
      ["node_provider_keys.wasm"],
    );
    const { default: text } = await import(`file://${join(subject.package, "wasm-base64.js")}`);
    assert.isTrue(Buffer.from(text, "base64").equals(readFileSync(join(subject.package, "node_provider_keys.wasm"))));
  });

  it("depends on nothing and runs nothing when it is installed", () => {
    const fields = [
      "dependencies",
      "peerDependencies",
      "optionalDependencies",
      "bundledDependencies",
      "scripts",
      "bin",
      "gypfile",
    ];
    assert.deepEqual(
      fields.filter((name) => name in manifest()),
      [],
    );
    const lock = JSON.parse(readFileSync(join(subject.modules, ".package-lock.json"), "utf8"));
    assert.deepEqual(
      Object.keys(lock.packages),
      ["node_modules/node-provider-keys"],
      "nothing was installed beside it",
    );
    assert.notProperty(lock.packages["node_modules/node-provider-keys"], "hasInstallScript");
  });

  it("says what it is: version, licence, engines, no side effects", () => {
    const { version, license, engines, sideEffects, type, private: isPrivate } = manifest();
    assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/);
    assert.notEqual(version, "0.0.0");
    assert.deepEqual(
      { license, engines, sideEffects, type },
      { license: "MIT OR Apache-2.0", engines: { node: ">=20" }, sideEffects: false, type: "module" },
    );
    assert.isUndefined(isPrivate);
  });

  it("brings its licences along", () => {
    for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) {
      assert.equal(
        readFileSync(join(subject.package, name), "utf8"),
        readFileSync(join(REPOSITORY, name), "utf8"),
        name,
      );
    }
  });

  it("leads every condition to files that exist, with the types first", () => {
    const check = (target, path) => {
      if (typeof target === "string")
        return assert.isTrue(existsSync(join(subject.package, target)), `${path}: ${target}`);
      const names = Object.keys(target);
      if (names.includes("types")) assert.equal(names[0], "types", path);
      for (const [name, next] of Object.entries(target)) check(next, `${path} ${name}`);
    };
    const { exports, main, module, types } = manifest();
    check(exports, "exports");
    for (const target of [main, module, types]) check(target, "for old tools");
  });

  it("names no path of the machine that built it", () => {
    for (const name of files()) {
      const text = readFileSync(join(subject.package, name), "latin1");
      assert.notMatch(text, /\/home\/|\/root\/|\/Users\/|\.cargo\/|\/rustc\/|\/tmp\//, name);
      assert.notInclude(text, REPOSITORY, name);
    }
  });
});
