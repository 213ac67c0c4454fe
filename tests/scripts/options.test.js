import { deepEqual, equal, ok } from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import fc from "fast-check";
import { ASKS, CHARACTER, FETCH, FILE, GOOD, LONG, NOTHING, OTHER, SHORT } from "../../pkg-template/names.js";
import { matches, Options } from "../../pkg-template/options.js";
import { always, alwaysSoon, corpus, replay, textOf } from "./kit.js";
import * as check from "./options.check.js";
import { RULES, rule } from "./rules.js";

const { ALLOWED, CREDENTIAL_ID, DESCRIPTION, found, PROJECT_ID, TOKEN } = check;
const SLIP = "^[A-Za-z0-9_$-]{1,24}$";

/** What the rules say of an endpoint: its base, or the words of the rule that it breaks. */
function endpoint(text) {
  const options = new Options({ endpoint: text });
  const result = options.endpoint("endpoint", ALLOWED);
  if (result === GOOD) return options.base;
  return RULES.find(([pattern, isWanted]) => options.endpointHas(pattern) !== isWanted)?.[2];
}

describe("a text among the options", () => {
  it("is an id of one length without a character that means something in a path", () => {
    const good = "aZ09_-aZ09_-aZ09_-aZ09_-aZ09_-aZ";
    equal(found(good, PROJECT_ID), GOOD);
    equal(found(good.slice(1), PROJECT_ID), SHORT);
    equal(found(`${good}a`, PROJECT_ID), LONG);
    equal(found(`${good}abcd`, CREDENTIAL_ID), GOOD);
    for (const bad of [".", "/", "%", "?", "#", "\\", ":", "@", " ", "\0", "\n", "é", "a\n".slice(1)]) {
      equal(found(good.slice(1) + bad, PROJECT_ID), CHARACTER, JSON.stringify(bad));
    }
    // In UTF-16 it is as long as an id, in code points it is not.
    equal(found("🔑".repeat(16), PROJECT_ID), CHARACTER);
  });

  it("is a token of 1 to 65,535 printable characters", () => {
    for (const [length, result] of [
      [0, SHORT],
      [1, GOOD],
      [65_535, GOOD],
      [65_536, LONG],
    ]) {
      equal(found("t".repeat(length), TOKEN), result, String(length));
    }
    equal(found("MII+/=~ !", TOKEN), GOOD);
    for (const bad of ["\r", "\n", "\t", "\0", "\x7f", "é", "\u2028", "🔑", "\ud800"]) {
      equal(found(`MII${bad}abc`, TOKEN), CHARACTER, JSON.stringify(bad));
    }
  });

  it("is a description of at most 100 code points, without half of a pair", () => {
    for (const [text, result] of [
      ["", GOOD],
      ["a".repeat(100), GOOD],
      ["🔑".repeat(100), GOOD],
      ["a".repeat(101), LONG],
      [`${"🔑".repeat(100)}a`, LONG],
      ["a\ud83d", CHARACTER],
      ["\udd11a", CHARACTER],
      ["\ud83d\udd11", GOOD],
    ]) {
      equal(found(text, DESCRIPTION), result, JSON.stringify(text));
    }
  });

  it("is no number, list or object, and may be a function that gives it", () => {
    for (const value of [null, 7, true, [], {}, new String("t"), Symbol("t")]) equal(found(value, TOKEN), OTHER);
    equal(found(undefined, TOKEN), NOTHING);
    equal(
      found(() => "t", TOKEN),
      ASKS,
    );
  });

  it("is what the contract's words say", () => {
    const odd = ["\u00a0", "\ufeff", "\u2003", "\n", "\t", " ", "é", "\x1f", "\x7f", "🔑", "\ud83d", "\udd11"];
    const middle = textOf(["a", "Z", "0", "_", "-", "~", ...odd], 40, 28);
    const edge = textOf(odd, 3);
    always(
      edge,
      fc.oneof(middle, textOf("aZ0_-", 37, 31), textOf(["a", ...odd], 110, 90)),
      edge,
      (before, text, after) => {
        check.checkText(text);
        check.checkText(before + text + after);
      },
    );
  });

  it("leaves nothing in RegExp's static properties", () => {
    const secret = "correct-horse\nbattery";
    equal(found(secret, TOKEN), CHARACTER);
    for (const name of ["input", "lastMatch", "leftContext", "rightContext"]) ok(!RegExp[name].includes("horse"), name);
  });

  it("is what they say for every input that fuzzing kept", () => {
    replay(corpus("fuzz/corpus/options"), check.check);
  });
});

describe("an endpoint among the options", () => {
  it("is an origin with or without a prefix", () => {
    for (const [text, base] of [
      ["https://bcs.example.com", "https://bcs.example.com"],
      ["https://bcs.example.com/", "https://bcs.example.com"],
      ["https://bcs.example.com:8443/nes//", "https://bcs.example.com:8443/nes"],
      ["https://bcs.example.com/a/../nes/", "https://bcs.example.com/nes"],
      ["http://localhost:8787", "http://localhost:8787"],
      ["http://127.1.2.3:8787", "http://127.1.2.3:8787"],
      ["http://[::1]:8787/nes", "http://[::1]:8787/nes"],
      [new URL("https://bcs.example.com/nes/"), "https://bcs.example.com/nes"],
    ]) {
      equal(endpoint(text), base, String(text));
    }
  });

  it("never sends a token in the clear to another machine", () => {
    for (const text of [
      "http://bcs.example.com",
      "http://localhost.example.com",
      "http://127.0.0.1.example.com",
      "http://128.0.0.1",
      "http://192.168.0.1",
      "http://0.0.0.0",
      "http://[::2]",
      "ftp://bcs.example.com",
      "file:///etc",
      "data:text/plain,x",
    ]) {
      ok(endpoint(text).includes("https"), text);
    }
  });

  it("holds no user, query or fragment", () => {
    for (const text of [
      "https://user@bcs.example.com",
      "https://user:secret@bcs.example.com",
      "https://bcs.example.com?",
      "https://bcs.example.com/?a=b",
      "https://bcs.example.com/#",
      "https://bcs.example.com/#a",
    ]) {
      ok(endpoint(text).startsWith("must not"), text);
    }
  });

  it("is one that is not a URL", () => {
    for (const value of [undefined, null, 7, {}, [], "", "bcs.example.com", "https://", "/nes"]) {
      equal(new Options({ endpoint: value }).endpoint("endpoint", ALLOWED), OTHER, String(value));
    }
  });

  it("is let through exactly if a URL parser says that it is safe", () => {
    const scheme = fc.constantFrom("http", "https", "ftp", "file", "HTTPS");
    const user = fc.oneof(
      fc.constant(""),
      textOf("a:", 3).map((name) => `${name}@`),
    );
    const numbers = textOf(["127", ".", "0", "1", "2", "x", "+"], 8, 1);
    const names = fc.constantFrom("localhost", "bcs.example.com", "[::1]", "[::2]", "127.0.0.1", "localhost.");
    const rest = fc.oneof(
      fc.constant(""),
      textOf("/a.?#:%@\\", 8).map((path) => `/${path}`),
    );
    always(scheme, user, fc.oneof(numbers, names), rest, (...parts) => {
      const [before, name, host, path] = parts;
      check.checkEndpoint(`${before}://${name}${host}${path}`);
    });
  });

  it("leads, with any ids, to its own origin and below its path", async () => {
    const host = fc.constantFrom("https://bcs.example.com", "http://localhost:8787", "http://[::1]");
    const path = textOf(["/", "a", ".", "..", "%2e", "%2F", "é", ";"], 8).map((text) => `/${text}`);
    const id = textOf(["a", "Z", "_", "-", ".", "/", "%", "\\"], 36, 30);
    await alwaysSoon(host, path, id, id, (...[origin, prefix, project, credential]) =>
      check.checkPaths(Buffer.from(`${origin}${prefix}\n${project}\n${credential}`)),
    );
  });

  it("leads there for every input that fuzzing kept", async () => {
    for (const { name, data } of corpus("fuzz/corpus/paths")) {
      await check.checkPaths(data).catch((error) => {
        throw new Error(`${name}: ${error.message}`, { cause: error });
      });
    }
  });

  describe("in a page", () => {
    const inPage = (href, text) => {
      globalThis.location = new URL(href);
      return endpoint(text);
    };
    afterEach(() => {
      delete globalThis.location;
    });

    it("is a relay's path, below the page's own origin", () => {
      const page = "https://shop.example.com/admin/keys?x#y";
      equal(inPage(page, "/nes"), "https://shop.example.com/nes");
      equal(inPage(page, "./nes/"), "https://shop.example.com/admin/nes");
      equal(inPage(page, "../nes"), "https://shop.example.com/nes");
      equal(inPage("http://localhost:8787/", "/nes"), "http://localhost:8787/nes");
      ok(inPage("http://shop.example.com/", "/nes").includes("https"));
      ok(inPage(page, "/nes?a").includes("query"));
    });

    it("is never another origin's by a slip", () => {
      const page = "https://shop.example.com/";
      for (const text of [
        "nes",
        "//bcs.example.com/nes",
        "/\\bcs.example.com/nes",
        "bcs.example.com",
        "?a",
        "#a",
        "",
      ]) {
        globalThis.location = new URL(page);
        equal(new Options({ endpoint: text }).endpoint("endpoint", ALLOWED), OTHER, text);
      }
    });
  });
});

describe("the options", () => {
  it("are own properties, each read once", () => {
    const reads = [];
    const given = Object.create({ token: "inherited" });
    for (const name of ["projectId", "description"]) {
      Object.defineProperty(given, name, { enumerable: name === "projectId", get: () => reads.push(name) });
    }
    given[Symbol("s")] = 1;
    const { values } = new Options(given);
    deepEqual(reads, ["projectId", "description"]);
    deepEqual({ ...values }, { projectId: 1, description: 2 });
    equal(Object.getPrototypeOf(values), null);
  });

  it("say where there are none, and what could not be read", () => {
    for (const nothing of [undefined, null, "text", 7, () => {}]) equal(new Options(nothing).unread(SLIP), "");
    equal(new Options({}).unread(SLIP), undefined);
    const throwing = (name) => Object.defineProperty({}, name, { enumerable: true, get: () => JSON.parse("") });
    equal(new Options(throwing("token")).unread(SLIP), "token");
    // What is no name may be a value.
    equal(new Options(throwing("x".repeat(25))).unread(SLIP), "options");
    equal(new Options(new Proxy({}, { ownKeys: () => JSON.parse("") })).unread(SLIP), "options");
  });

  it("give numbers, whole or not, and NaN for anything else", () => {
    always(fc.anything(), fc.integer(), (value, standard) => {
      const number = new Options({ retries: value }).number("retries", standard);
      if (value === undefined) equal(number, standard);
      else equal(number, typeof value === "number" ? value : Number.NaN);
    });
  });

  it("tell all that were not asked for, misspelt ones by name", () => {
    const known = ["token", "endpoint", "projectId", "timeout"];
    const name = fc.oneof(fc.constantFrom(...known), fc.string({ maxLength: 30 }), textOf("abZ0_$-", 30, 1));
    always(fc.uniqueArray(name), fc.subarray(known), (names, asked) => {
      const given = names.filter((text) => text !== "__proto__");
      const options = new Options(Object.fromEntries(given.map((text) => [text, 1])));
      for (const text of asked) options.number(text, 0);
      const told = [];
      for (let next = options.unknown(SLIP); next !== undefined; next = options.unknown(SLIP)) told.push(next);
      const unasked = given.filter((text) => !asked.includes(text));
      const shown = unasked.map((text) => (/^[\w$-]{1,24}$/.test(text) ? text : "options"));
      deepEqual(told.sort(), shown.sort());
      equal(options.known(), asked.join(", "));
    });
  });

  it("have a signal that lets itself be listened to, null or none, and a fetch that can be called or none", () => {
    for (const [value, isUsable] of [
      [undefined, true],
      [null, true],
      [{}, false],
      ["signal", false],
      [7, false],
    ]) {
      equal(new Options({ signal: value }).usable("signal"), isUsable, String(value));
    }
    for (const [value, isUsable] of [
      [undefined, true],
      [null, false],
      [() => {}, true],
      [{}, false],
    ]) {
      equal(new Options({ fetch: value }).usable("fetch"), isUsable, String(value));
    }
  });

  it("say what this host lacks", (test) => {
    const { fetch, File } = globalThis;
    test.after(() => Object.assign(globalThis, { fetch, File }));
    globalThis.File ??= class {};
    equal(new Options({}).lack(true), 0);
    globalThis.File = undefined;
    equal(new Options({}).lack(true), FILE);
    equal(new Options({}).lack(false), 0);
    globalThis.fetch = undefined;
    equal(new Options({}).lack(true), FETCH);
    equal(new Options({ fetch: () => {} }).lack(false), 0);
  });
});

describe("a pattern of the rules", () => {
  it("matches as its own engine's does, however often it is asked", () => {
    const refused = rule("verdict.rs", "REFUSED");
    always(
      fc.constantFrom("ERR_ACCESS_DENIED", "NotCapable", "bad port"),
      fc.nat(20),
      fc.string({ maxLength: 1 }),
      (...parts) => {
        const [reason, at, more] = parts;
        const place = Math.min(at, reason.length);
        const changed = reason.slice(0, place) + more + reason.slice(place);
        ok(matches(refused, reason));
        equal(matches(refused, changed), more === "");
      },
    );
  });
});
