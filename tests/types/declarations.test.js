// Do the declarations say what the package is at run time?
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { assert } from "chai";
import { build } from "esbuild";
import { REPOSITORY, subject } from "../support/consumer.js";
import { documentation, functions, names, properties, texts, values } from "./declared.js";

const inPackage = (name) => join(subject.package, name);
const load = (name) => import(pathToFileURL(inPackage(name)).href);
const manifest = () => JSON.parse(readFileSync(inPackage("package.json"), "utf8"));

/** The scripts that any condition of the package's exports leads to. */
function entries(target = manifest().exports["."]) {
  if (typeof target !== "string")
    return [...new Set(Object.entries(target).flatMap(([name, value]) => (name === "types" ? [] : entries(value))))];
  return [target];
}

/** The names that users see: one that begins with "_" is for the package's other entry. */
const publicOf = (names) => names.filter((name) => !name.startsWith("_"));

describe("The declarations", () => {
  it("name what import gives, and nothing else", async () => {
    assert.sameMembers(publicOf(Object.keys(await load("node.js"))), values());
  });

  it("name what require gives, and nothing else", () => {
    assert.sameMembers(publicOf(Object.keys(createRequire(import.meta.url)(subject.package))), values());
  });

  it("name what each other entry exports", async () => {
    const modules = entries().filter((entry) => entry.endsWith(".js"));
    assert.includeMembers(modules, ["./node.js", "./browser.js", "./workerd.js", "./edge.js"]);
    for (const entry of modules) {
      const { metafile } = await build({
        entryPoints: [inPackage(entry)],
        bundle: true,
        write: false,
        outdir: "out",
        metafile: true,
        format: "esm",
        logLevel: "silent",
        external: ["*.wasm", "*.wasm?module"],
      });
      const [output] = Object.values(metafile.outputs);
      assert.sameMembers(publicOf(output.exports), values(), entry);
    }
  });

  it("are the same for import and for require", () => {
    for (const name of ["index", "sign-in"])
      assert.equal(readFileSync(inPackage(`${name}.d.cts`), "utf8"), readFileSync(inPackage(`${name}.d.ts`), "utf8"));
  });

  it("of signing in name what its entry gives, in each form", async () => {
    const wanted = ["signIn"];
    assert.sameMembers(Object.keys(await load("sign-in.js")), wanted);
    assert.sameMembers(Object.keys(createRequire(import.meta.url)(inPackage("sign-in.cjs"))), wanted);
    assert.sameMembers(Object.keys(await load("page-sign-in.js")), wanted);
    const declared = readFileSync(inPackage("sign-in.d.ts"), "utf8").matchAll(/^export function (\w+)/gm);
    assert.sameMembers(
      [...declared].map(([, name]) => name),
      wanted,
    );
  });

  it("say of each export whether it is a function", async () => {
    const exported = await load("node.js");
    for (const { name } of functions()) assert.typeOf(exported[name], "function", name);
  });

  it("have a promise where the WebAssembly module does the work, and only there and for init", async () => {
    const { default: glue } = await load("glue.js");
    const module = new WebAssembly.Module(readFileSync(inPackage("node_provider_keys.wasm")));
    const inside = Object.keys(glue((imports) => new WebAssembly.Instance(module, imports).exports, globalThis));
    assert.sameMembers(
      [...inside, "init"],
      functions()
        .filter(({ isAsync }) => isAsync)
        .map(({ name }) => name)
        .concat("signIn"),
    );
  });

  for (const [name, declared] of [
    ["createApiKey", "CreateApiKeyOptions"],
    ["deleteApiKey", "DeleteApiKeyOptions"],
    ["listApiKeys", "ListApiKeysOptions"],
  ]) {
    it(`have the options that ${name} takes, and no other`, async () => {
      const error = await (await load("node.js"))[name]({ slip: 1 }).catch((thrown) => thrown);
      const message = error.issues.find(({ field }) => field === "slip").message;
      assert.sameMembers(/the options are ([\w, ]+)/.exec(message)[1].split(", "), properties(declared));
    });
  }

  it("have the fields that an error can have, and no other", async () => {
    const { ApiKeyError } = await load("node.js");
    const declared = properties("ApiKeyErrorFields");
    const given = Object.fromEntries(declared.map((name) => [name, name === "issues" ? [] : "text"]));
    const error = new ApiKeyError({ ...given, other: "text" });
    assert.sameMembers([...Object.getOwnPropertyNames(error), "name", "file"], declared);
    for (const name of declared) assert.isDefined(error[name], name);
  });

  it("have the kinds and outcomes that the module can give, and no other", () => {
    const source = readFileSync(join(REPOSITORY, "src/rules/failure.rs"), "utf8");
    for (const name of ["Kind", "Outcome"]) {
      const [, body] = new RegExp(`pub enum ${name} \\{([^}]+)\\}`).exec(source);
      const variants = [...body.matchAll(/^ +(\w+),$/gm)].map(([, variant]) =>
        variant.replace(/\B[A-Z]/g, "_$&").toLowerCase(),
      );
      assert.sameMembers(texts(`ApiKeyError${name}`), variants);
    }
  });

  it("explain every export and every member", () => {
    assert.deepEqual(
      documentation()
        .filter(({ text }) => text === "")
        .map(({ path }) => path),
      [],
    );
    assert.includeMembers(
      documentation().map(({ path }) => path),
      [...names(), "RequestOptions.endpoint", "ApiKeyErrorFields.detail"],
    );
  });

  it("say what every call throws", () => {
    const calls = documentation().filter(({ isAsync }) => isAsync);
    assert.lengthOf(calls, 5);
    for (const { path, tags } of calls) assert.match(tags.throws ?? "", /ApiKeyError/, path);
  });

  it("tell the unit and the default of every option that is a number", () => {
    const all = Object.fromEntries(documentation().map(({ path, ...rest }) => [path, rest]));
    for (const [path, unit, value] of [
      ["RequestOptions.timeout", /^Milliseconds/, "30_000"],
      ["RequestOptions.maxFileBytes", /bytes/, "1_048_576"],
      ["RequestOptions.maxErrorBytes", /bytes/, "65_536"],
      ["DeleteApiKeyOptions.retries", /attempts/, "0"],
    ]) {
      assert.match(all[path].text, unit, path);
      assert.equal(all[path].tags.defaultValue, value, path);
    }
  });
});
