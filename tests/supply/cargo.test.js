// Every crate comes from the public registry with its hash, no command goes past the lock files, and no crate of ours
// may be unsafe.
import { assert } from "chai";
import { called, files, read } from "../support/files.js";

const PUBLIC = "registry+https://github.com/rust-lang/crates.io-index";
/** Subcommands that read the lock file, or would write it. */
const LOCKED = /^"(bench|build|check|clippy|deny|doc|fetch|install|metadata|run|rustc|test|tree)"/;
/**
 * What needs no lock: a look at the crates alone, npm with our tarball, wasm-pack, which is told to hand `--locked` on,
 * and cargo fuzz, which cannot be told (the suite `lint` looks at its lock file), and a compiler run by rustup.
 */
const WITHOUT = /"--no-deps", "--format|"--offline"|"--mode"|"--fuzz-dir"|"run", "nightly"/;
/** It compiles an empty crate, for the libraries of the compiler. */
const EMPTY = "xtask/src/setup/debian.rs";

/** The sections of a TOML file by name. */
function sections(text) {
  const parts = `\n${text}`.split(/\n\[(?!\[)([^\]]+)\]\n/);
  return Object.fromEntries(
    Array.from({ length: (parts.length - 1) / 2 }, (_, at) => [parts[2 * at + 1], parts[2 * at + 2]]),
  );
}

const value = (text, key) => new RegExp(`^${key} *= *"?([^"\\n]*)"?`, "m").exec(text ?? "")?.[1];

describe("the crates", () => {
  for (const path of called("Cargo.lock")) {
    it(`${path}: each is one of ours, or from the public registry with its hash`, () => {
      const entries = read(path).split("[[package]]\n").slice(1);
      assert.isAbove(entries.length, 10);
      const ours = called("Cargo.toml").map((manifest) => value(sections(read(manifest)).package, "name"));
      for (const entry of entries) {
        const name = value(entry, "name");
        if (value(entry, "source") === undefined) assert.include(ours, name);
        else {
          assert.equal(value(entry, "source"), PUBLIC, name);
          assert.match(value(entry, "checksum") ?? "", /^[0-9a-f]{64}$/, name);
        }
      }
    });
  }

  it("unsafe code is forbidden in each of ours", () => {
    const workspace = sections(read("Cargo.toml"));
    assert.equal(value(workspace["workspace.lints.rust"], "unsafe_code"), "forbid");
    const manifests = called("Cargo.toml");
    assert.isAtLeast(manifests.length, 4);
    for (const path of manifests) {
      const { workspace: own, ...rest } = sections(read(path));
      // A workspace of its own inherits nothing.
      const inherits = (path === "Cargo.toml" || own === undefined) && value(rest.lints, "workspace") === "true";
      assert.isTrue(inherits || value(rest["lints.rust"], "unsafe_code") === "forbid", path);
    }
  });

  it("no command goes past the lock files", () => {
    const sources = files.filter((path) => path.startsWith("xtask/src/") && path.endsWith(".rs") && path !== EMPTY);
    let seen = 0;
    for (const path of sources) {
      for (const [, given] of read(path).matchAll(/args\(\[([^\]]*)\]\)/g)) {
        const args = given.replace(/\s+/g, " ").trim();
        if (!LOCKED.test(args) || WITHOUT.test(args)) continue;
        seen += 1;
        assert.include(args, '"--locked"', path);
      }
    }
    assert.isAtLeast(seen, 5);
    assert.match(read(".cargo/config.toml"), /^xtask = "run --locked /m);
  });

  it("npm installs what lock files name, by npm ci, and nothing else but our own tarball", () => {
    const programs = files.filter(
      (path) => /\.(rs|js|sh|yml)$|^\.ci\//.test(path) && !path.startsWith("tests/supply/"),
    );
    let seen = 0;
    for (const path of programs) {
      for (const [command] of read(path).matchAll(/(Command::new|spawn|execFile|run)\w*\("npm"[\s\S]*?;/g)) {
        seen += 1;
        assert.match(command.replace(/\s+/g, " "), /"ci"|"pack"|"install", "--offline"/, path);
      }
      assert.notMatch(read(path), /\bnpm (i|install|update)\b(?! (its|node-provider-keys))/, path);
    }
    assert.isAtLeast(seen, 3);
  });
});
