// The packed package says nothing of the machine that built it.
import { readFileSync, readdirSync } from "node:fs";
import { homedir, hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { assert } from "chai";
import { REPOSITORY, subject } from "../support/consumer.js";

/** What paths of builds have in them: of this machine's, and of any. */
const MACHINE = [
  REPOSITORY.replace(/\/$/, ""),
  `${homedir()}/`,
  `${tmpdir()}/`,
  ".cargo/registry",
  "/rustc/",
  ".rustup",
  "/home/",
  "/Users/",
];

describe("the packed package", () => {
  it("has no path of a machine in it", () => {
    const names = readdirSync(subject.package);
    assert.include(names, "node_provider_keys.wasm");
    for (const name of names) {
      const text = readFileSync(join(subject.package, name), "latin1");
      for (const part of MACHINE) assert.isFalse(text.includes(part), `${name} has ${part}`);
      if (hostname().length > 6) assert.isFalse(text.includes(hostname()), `${name} names the machine`);
    }
  });

  it("the module that stands in it as text has none either", () => {
    const text = readFileSync(join(subject.package, "wasm-base64.js"), "latin1");
    const module = Buffer.from(/"([A-Za-z0-9+/=]+)"/.exec(text)[1], "base64").toString("latin1");
    assert.isTrue(module.startsWith("\0asm"));
    for (const part of MACHINE) assert.isFalse(module.includes(part), part);
  });
});
