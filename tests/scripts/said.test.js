// What the crate and the scripts both say is the same in both: names, numbers, sentences.
import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { Call } from "../../pkg-template/call.js";
import { DEFAULT_NAME } from "../../pkg-template/filename.js";
import { KeyFile } from "../../pkg-template/keyfile.js";
import * as names from "../../pkg-template/names.js";
import { Options } from "../../pkg-template/options.js";
import { callOf, fileOf } from "../../pkg-template/plain.js";
import * as sentences from "../../pkg-template/sentences.js";
import { Work } from "../../pkg-template/work.js";
import { isHidden } from "./filename.check.js";
import { constants, read, rule, shape, source } from "./rules.js";

/** As they are written: where faults are put into a copy of them, these are elsewhere. */
const WRITTEN = new URL(process.env.NPK_WRITTEN ?? "../../pkg-template/", import.meta.url);
const script = (name) => readFileSync(new URL(name, WRITTEN), "utf8");
const scripts = readdirSync(WRITTEN).filter((name) => name.endsWith(".js"));
const matchesOf = (text, pattern) => [...text.matchAll(pattern)].map(([, ...groups]) => groups);

/** The modules of constants in a file of the crate, by name. */
const modules = (name) =>
  Object.fromEntries(
    matchesOf(source(name), /pub mod (\w+) \{([^}]*)\}/g).map(([module, text]) => [module, constants(text)]),
  );

describe("the numbers that cross", () => {
  const { found, lack } = modules("host/options.rs");
  const { state } = modules("host/work.rs");
  const { body, give } = modules("host/call.rs");
  const { REDIRECT } = constants(source("host/call.rs"));
  const said = { ...found, ...lack, ...state, ...body, GIVE_FILE: give.FILE, GIVE_DOCUMENT: give.DOCUMENT, REDIRECT };

  it("are the crate's, each of them", () => {
    deepEqual(Object.keys(found).sort(), ["ASKS", "CHARACTER", "GOOD", "LONG", "NOTHING", "SHORT"]);
    deepEqual(Object.keys(lack).sort(), ["FETCH", "FILE"]);
    deepEqual(Object.keys(state).sort(), ["ABORTED", "FAILED", "TIMEOUT"]);
    deepEqual(Object.keys(body).sort(), ["CLOSED", "LARGE", "WHOLE"]);
    deepEqual(Object.keys(give).sort(), ["DOCUMENT", "FILE", "NOTHING"]);
    const { FIELDS, OTHER, BROKEN, ...others } = names;
    deepEqual(others, said);
    // These the crate has no name for: it takes them for the rest.
    ok(!Object.values(found).includes(OTHER));
    ok(!Object.values(body).includes(BROKEN));
    equal(give.NOTHING, 0);
    // A status and what is added to it tell each other apart.
    ok(REDIRECT > 999);
  });

  it("are in files of the host that are all looked at", () => {
    for (const name of readdirSync(new URL("../../src/host/", import.meta.url))) {
      const looked = ["options.rs", "work.rs", "call.rs"].includes(name);
      equal(/^\s*pub const [A-Z_]+: [ui]32/m.test(source(`host/${name}`)), looked, name);
    }
  });
});

it("the fields of an error are the crate's, in its order", () => {
  const [[list]] = matchesOf(source("rules/failure.rs"), /const FIELDS: [^=]* = \[([^\]]*)\]/g);
  deepEqual(
    names.FIELDS,
    matchesOf(list, /"(\w+)"/g).map(([name]) => name),
  );
});

describe("the methods that Rust calls", () => {
  const classes = { Call, KeyFile, Options, Work };
  const plain = { callOf, fileOf };
  const blocks = ["call", "key_file", "options", "work"].flatMap((name) =>
    matchesOf(source(`host/${name}.rs`), /module = "\/pkg-template\/([\w.]+)"\)\]\s*extern "C" \{(.*?)\n\}/gs),
  );
  const FUNCTION = /#\[wasm_bindgen\(([^)]*)\)\]\s*(?:pub )?fn (\w+)\(([^)]*)\)/gs;
  const functions = blocks.flatMap(([file, text]) => matchesOf(text, FUNCTION).map((parts) => [file, ...parts]));

  it("are there, and take what they are given", () => {
    ok(functions.length > 30, "the crate's declarations are not read");
    for (const [file, attributes, rustName, list] of functions) {
      const name = /js_name = (\w+)/.exec(attributes)?.[1] ?? rustName;
      const given = list.split(",").filter((part) => part.trim() !== "");
      const owner = /^\s*this: &(\w+)/.exec(list)?.[1];
      if (!owner) {
        equal(file, "plain.js", name);
        equal(plain[name]?.length, given.length, name);
        continue;
      }
      const { prototype } = classes[owner];
      if (/\bgetter\b/.test(attributes)) ok(name in new Call({ timeout: Infinity }), name);
      else equal(prototype[name]?.length, given.length - 1, `${owner}.${name}`);
    }
  });

  it("are in scripts that are there, and every script that they import is taken along", () => {
    const along = new Set(blocks.map(([file]) => file));
    for (const file of along) {
      ok(existsSync(new URL(file, WRITTEN)), file);
      for (const [imported] of matchesOf(script(file), /from "\.\/([\w.]+)"/g))
        ok(along.has(imported), `${file}: ${imported}`);
    }
  });
});

describe("the names of options", () => {
  const asked = new Set(
    matchesOf(
      source("request.rs"),
      /(?:shaped|text|usable|number|bytes|whole|is_there|endpoint)\(\s*"([\w.]+)"|\bname: "([\w.]+)"/g,
    ).map(([name, other]) => name ?? other),
  );

  it("that a script reads are those that Rust asks for", () => {
    for (const name of ["call.js", "options.js"]) {
      const text = script(name);
      const used = [
        ...matchesOf(text, /\bvalues\.(\w+)/g),
        ...matchesOf(text, /const \{ (\w+)[^}]*\} = [\w.]*\.values;/g),
      ];
      ok(used.length > 0, name);
      for (const [option] of used) ok(asked.has(option), `${name}: ${option}`);
    }
  });

  it("in paths and bodies are those that Rust asks for", () => {
    for (const name of ["KEYS", "LIMITED", "FROM", "PAGE", "KEY", "DESCRIBED"]) {
      const found = matchesOf(rule("contract.rs", name), /\{([\w.]+)\}/g);
      ok(found.length > 0, name);
      for (const [option] of found) ok(asked.has(option), `${name}: ${option}`);
    }
    const [[identity]] = matchesOf(
      source("rules/contract.rs"),
      /(macro_rules! identity .*?pub const BY_ID[^;]*);[^;]*;/gs,
    );
    const found = matchesOf(identity, /:\{([\w.]+)\}/g);
    ok(found.length > 5, "the body of a sign-in is not read");
    for (const [option] of found) ok(asked.has(option), `identity: ${option}`);
  });
});

describe("the calls", () => {
  const exported = matchesOf(source("lib.rs"), /js_name = (\w+)\)\]\s*pub fn/g).map(([name]) => name);
  const DOUBTS = {
    createApiKey: "MAY_EXIST",
    deleteApiKey: "MAY_BE_DELETED",
    listApiKeys: "NOTHING_CHANGED",
    readCredentials: "ANOTHER_TOOL",
  };

  const SIGN_IN = { signIn: "NO_TOKEN" };

  it("are named in messages as they are exported", () => {
    const named = matchesOf(source("rules/failure.rs"), /Operation::\w+ => "(\w+) "/g).map(([name]) => name);
    deepEqual(named.sort(), exported.toSorted());
    deepEqual(Object.keys({ ...DOUBTS, ...SIGN_IN }).sort(), exported.toSorted());
  });

  it("are the same in every entry, each with its own doubt", () => {
    for (const entry of ["browser.js", "node.js", "workerd.js", "edge.js"]) {
      const runs = matchesOf(script(entry), /export const (\w+) = .*?keys\.run\("(\w+)", .*, (\w+)\);/g);
      deepEqual(
        runs,
        Object.entries(DOUBTS).map(([name, doubt]) => [name, name, doubt]),
        entry,
      );
    }
    const runs = matchesOf(script("sign-in.js"), /keys\.run\("(\w+)", .*, (\w+)\);/g);
    deepEqual(runs, Object.entries(SIGN_IN));
  });
});

describe("the sentences", () => {
  const failure = (pattern) => read("rules/failure.rs", pattern);
  const NOT_SENT = failure("\\(Outcome::NotSent, _\\) => LITERAL");
  const happened = (kind) => failure(`Kind::${kind} => LITERAL`);
  const advice = (kind) => failure(`\\(Kind::${kind}, _\\) => LITERAL`);
  const timeoutRule = read("request.rs", 'wrong\\("timeout", LITERAL');
  const kinds = Object.fromEntries(matchesOf(source("rules/failure.rs"), /Self::(\w+) => "([a-z_]+)"/g));

  it("of a call that did not begin are the crate's", () => {
    for (const name of ["createApiKey", "deleteApiKey", "listApiKeys"]) {
      const reason = new Error("reason");
      for (const [fields, kind, what] of [
        [sentences.illegalTimeout(name), "InvalidArgument", `${happened("InvalidArgument")}: timeout ${timeoutRule}`],
        [sentences.timedOut(name), "Timeout", happened("Timeout")],
        [sentences.aborted(name, reason), "Aborted", happened("Aborted")],
      ]) {
        equal(fields.message, `${name} ${what}${NOT_SENT}${advice(kind)}.`);
        equal(fields.kind, kinds[kind]);
        equal(fields.outcome, kinds.NotSent);
      }
      deepEqual(sentences.illegalTimeout(name).issues, [{ field: "timeout", message: timeoutRule }]);
      equal(sentences.aborted(name, reason).cause, reason);
    }
  });

  it("of a call that crashed leave the same in doubt as the crate's", () => {
    equal(`; ${sentences.MAY_EXIST}`, `${failure("\\(Outcome::Unknown, Create\\) => \\{\\s*let \\w+ = LITERAL")}.`);
    equal(
      `; ${sentences.MAY_BE_DELETED}`,
      `${failure("\\(Outcome::Unknown, Delete\\) => \\{\\s*let \\w+ = LITERAL")}.`,
    );
    ok(`; ${sentences.NOTHING_CHANGED}`.startsWith(failure("\\(_, List\\) => LITERAL")));
    ok(`; ${sentences.NO_TOKEN}`.startsWith(failure("\\(_, SignIn\\) => LITERAL")));
    const fields = sentences.crashed("createApiKey", sentences.MAY_EXIST, undefined);
    deepEqual([fields.kind, fields.outcome], [kinds.Internal, kinds.Unknown]);
    equal(fields.message, `createApiKey crashed; ${sentences.MAY_EXIST}`);
  });

  it("say kinds and outcomes that the crate has", () => {
    const known = Object.values(kinds);
    equal(known.length, 11);
    for (const name of ["sentences.js", "save.js"]) {
      const said = matchesOf(script(name), /(?:kind|outcome): "(\w+)"|(?:notSent\(\s*\w+,|fail\()\s*"(\w+)"/g);
      ok(said.length > 2, name);
      for (const [one, other] of said) ok(known.includes(one ?? other), one ?? other);
    }
  });

  it("of a file that is none are the crate's", () => {
    const [[said]] = matchesOf(script("save.js"), /const RULE = "([^"]*)"/g);
    equal(said, read("credentials.rs", "is_nan\\(\\) \\{\\s*return Err\\(broken\\(LITERAL\\)\\)"));
    ok(script("save.js").includes(`${happened("InvalidArgument")}: file \${RULE}: `));
  });

  it("name the limits that are kept", () => {
    const text = (name) => read("request.rs", `const ${name}: &str =\\s*LITERAL`);
    const number = (name) => constants(source("rules/contract.rs"))[name];
    for (const [name, most] of [
      ["BYTES", read("request.rs", "const MOST_BYTES: u32 = LITERAL")],
      ["RETRIES", rule("retry.rs", "MOST")],
      ["OFFSET", number("OFFSET")],
      ["LIMIT", number("LIMIT")],
    ]) {
      ok(text(name).endsWith(` to ${most}`), name);
    }
    ok(text("PROJECT_ID").includes(` ${shape("PROJECT_ID").most} `));
    ok(text("CREDENTIAL_ID").includes(` ${shape("CREDENTIAL_ID").most} `));
    ok(read("request.rs", "found::LONG => LITERAL").includes(` ${shape("TOKEN").most} `));
    ok(read("request.rs", '"description", LITERAL').includes(` ${shape("DESCRIPTION").most} `));
    ok(read("rules/zip.rs", "count > MOST \\{\\s*return Err\\(LITERAL").includes(` ${rule("zip.rs", "MOST")} `));
  });
});

it("the name of a file without one is the same everywhere", () => {
  const said = scripts.flatMap((name) => matchesOf(script(name), /DEFAULT_NAME = "([^"]*)"/g));
  notEqual(said.length, 0);
  for (const [name] of said) equal(name, DEFAULT_NAME);
});

it("what a message hides, a file name hides", () => {
  const [[list]] = matchesOf(source("rules/visible.rs"), /fn is_hidden.*?matches!\(\s*character,(.*?)\)\n/gs);
  const codeOf = (text) => Number.parseInt(/\\u\{(\w+)\}|\\x(\w+)/.exec(text)?.slice(1).find(Boolean) ?? "0", 16);
  const ranges = list.split("|").map((range) => range.split("..=").map(codeOf));
  ok(ranges.length > 8);
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const isThere = ranges.some(([first, last = first]) => first <= code && code <= last);
    equal(isHidden(code), isThere, code.toString(16));
  }
});
