import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Call } from "../../pkg-template/call.js";
import { DEFAULT_NAME } from "../../pkg-template/filename.js";
import {
  BROKEN,
  CLOSED,
  FIELDS as FIELD_NAMES,
  GIVE_FILE,
  GIVE_DOCUMENT,
  LARGE,
  REDIRECT,
  WHOLE,
} from "../../pkg-template/names.js";
import { always, alwaysSoon, corpus, replay } from "./kit.js";
import { reference } from "./redact.check.js";
import { source } from "./rules.js";

const SECRET = "correct-horse-battery-staple";
/** Where the crate looks in an error's body. */
const PLACES = [...source("rules/error_body.rs").matchAll(/first\(&\[([^\]]*)\]\)/g)].flatMap(([, list]) =>
  [...list.matchAll(/"([\w.]+)"/g)].map(([, place]) => place),
);

/** A call with a token that it has adopted. */
function callOf(more) {
  const call = new Call({ token: SECRET, timeout: Infinity, ...more });
  call.adopt();
  return call;
}

/** A call that has sent, and was answered so. */
async function answered(response, more) {
  const call = callOf({ fetch: () => response, ...more });
  await call.send("POST", "/", "");
  return call;
}

function withBody(bytes) {
  const call = callOf();
  call.sink = { ...call.sink, chunks: [Uint8Array.from(bytes)], size: bytes.length };
  return call;
}

/** What is at a place of a document: texts without the secret, whole numbers as digits. */
function textAt(document, place) {
  let value = document;
  for (const name of place.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  if (typeof value === "string") return reference(value, [SECRET]);
  return typeof value === "number" && value % 1 === 0 ? `${value}` : undefined;
}

function checkDocument(bytes) {
  let document;
  try {
    document = [JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))];
  } catch {
    document = undefined;
  }
  const call = withBody(bytes);
  equal(call.json(), document !== undefined);
  for (const place of document ? PLACES : []) equal(call.member(place), textAt(document[0], place), place);
}

describe("a document of somebody else's", () => {
  it("is asked for the documented places, and gives them without the secrets", () => {
    equal(PLACES.length, 11);
    const call = withBody(Buffer.from(JSON.stringify({ code: 400, message: `not ${SECRET}!`, error: { title: "t" } })));
    ok(call.json());
    equal(call.member("code"), "400");
    equal(call.member("message"), "not [redacted]!");
    equal(call.member("error.title"), "t");
    for (const place of ["error", "error.code", "toString", "message.length", "__proto__.x"])
      equal(call.member(place), undefined);
  });

  it("is what a plain look at it finds, for any document", () => {
    const name = fc.constantFrom(...PLACES.flatMap((place) => place.split(".")), "x");
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom(SECRET, `${SECRET.slice(3, 16)}é`, encodeURIComponent(`${SECRET}/`)),
    );
    const { document } = fc.letrec((tie) => ({
      leaf: fc.oneof(
        text,
        fc.integer(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.array(text, { maxLength: 2 }),
      ),
      document: fc.oneof({ maxDepth: 3 }, tie("leaf"), fc.dictionary(name, tie("document"), { maxKeys: 6 })),
    }));
    always(document, (made) => checkDocument(Buffer.from(JSON.stringify(made))));
  });

  it("is that for every input that fuzzing kept", () => {
    replay(corpus("fuzz/corpus/error_body"), (data) => data.length >= 2 && checkDocument(data.subarray(2)));
  });

  it("is none where it is not UTF-8 or not JSON", () => {
    for (const bytes of [[], [0xff], Buffer.from("<html>"), Buffer.from("{"), Buffer.from("PK\x03\x04")]) {
      equal(withBody(bytes).json(), false);
    }
  });
});

describe("the status of an answer", () => {
  it("is a whole number from 0 to 999, and tells a redirect, shown or followed", async () => {
    const status = fc.oneof(
      fc.integer({ min: -10, max: 1200 }),
      fc.double(),
      fc.constantFrom("200", null, undefined, {}),
    );
    const type = fc.constantFrom(undefined, "basic", "cors", "opaqueredirect");
    await alwaysSoon(status, type, fc.constantFrom(undefined, false, true, "true"), async (value, kind, redirected) => {
      const call = await answered({ status: value, type: kind, redirected });
      const isStatus = typeof value === "number" && value >= 0 && value <= 999 && value % 1 === 0;
      const isRedirect = kind === "opaqueredirect" || redirected === true;
      equal(call.status() + 0, !isStatus ? -1 : isRedirect ? value + REDIRECT : value + 0);
    });
  });

  it("is none of what is not a response", async () => {
    for (const nothing of [undefined, null, "text", 7, {}, []]) equal((await answered(nothing)).status(), -1);
  });
});

describe("a body", () => {
  it("is read to its end, its limit or its break, and a file's bytes are kept for the error", async () => {
    await alwaysSoon(
      fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 4 }),
      fc.nat(20),
      fc.boolean(),
      fc.boolean(),
      async (...parts) => {
        const [pieces, most, breaks, isFile] = parts;
        const left = [...pieces];
        const next = async () => {
          if (left.length > 0) return { done: false, value: left.shift() };
          if (breaks) throw new Error(`broke after ${SECRET}`);
          return { done: true };
        };
        let stopped = 0;
        const body = { getReader: () => ({ read: next, cancel: async () => void (stopped += 1) }) };
        const call = await answered({ status: 200, body });
        await call.read(most, isFile);
        const size = pieces.reduce((sum, { length }) => sum + length, 0);
        const isLarge = size > most;
        equal(call.body(), isLarge ? LARGE : breaks ? BROKEN : WHOLE);
        const { cause, file } = call.more() ?? {};
        equal(cause?.message, !isLarge && breaks ? "broke after [redacted]" : undefined);
        if (!isFile || call.size() === 0) equal(file, undefined);
        else {
          deepEqual([file.name, file.type, file.size], [DEFAULT_NAME, "application/octet-stream", call.size()]);
          deepEqual(Buffer.from(await file.arrayBuffer()), Buffer.concat(pieces).subarray(0, call.size()));
        }
        call.release();
        equal(stopped, isLarge || breaks ? 1 : 0);
      },
    );
  });

  it("that nothing reads is closed", async () => {
    const call = await answered({ status: 200, body: "text" });
    await call.read(9, true);
    equal(call.body(), CLOSED);
  });
});

describe("what a call gives", () => {
  const give = async (header, what) => {
    const call = await answered({
      status: 200,
      headers: new Headers(header),
      body: ReadableStream.from([Uint8Array.of(1)]),
    });
    await call.read(9, true);
    ok(call.give(what));
    return call.promise;
  };

  it("is the file under its name, unless that quotes a secret", async () => {
    const file = await give({ "content-disposition": "attachment; filename=key.zip" }, GIVE_FILE);
    deepEqual([file.name, file.type, file.size], ["key.zip", "application/zip", 1]);
    for (const name of [SECRET, `a-${SECRET.slice(0, 12)}`]) {
      equal((await give({ "content-disposition": `attachment; filename=${name}.zip` }, GIVE_FILE)).name, DEFAULT_NAME);
    }
  });

  it("is a list only where the document is one, and the call makes lists", () => {
    for (const [text, resultOf, isGiven] of [
      ["[]", () => "a list", true],
      ["[]", () => undefined, false],
      ["[]", undefined, false],
    ]) {
      const call = new Call({ timeout: Infinity }, resultOf);
      call.sink = { ...call.sink, chunks: [Buffer.from(text)], size: text.length };
      call.json();
      equal(call.give(GIVE_DOCUMENT), isGiven);
    }
  });
});

describe("a header", () => {
  it("comes without the secrets in it, and not at all where it is no text", async () => {
    const call = await answered({ headers: new Headers({ "x-request-id": `id ${SECRET}` }) });
    equal(call.header("x-request-id"), "id [redacted]");
    equal(call.header("retry-after"), undefined);
    for (const headers of [undefined, null, {}, { get: () => 7 }, { get: () => JSON.parse("") }]) {
      equal((await answered({ headers })).header("x-request-id"), undefined);
    }
  });
});

describe("a call that fails", () => {
  it("rejects with the fields that Rust lists, none of which shows a secret", async () => {
    const text = fc.option(fc.oneof(fc.string(), fc.constantFrom(SECRET, `a${SECRET}b`, "401", "")), {
      nil: undefined,
    });
    const list = fc.array(text, { minLength: 7, maxLength: 7 });
    const issues = fc.array(fc.tuple(fc.string(), fc.constantFrom("must be given", SECRET)), { maxLength: 3 });
    await alwaysSoon(list, issues, async (rest, told) => {
      const call = callOf();
      call.fail(["http", "rejected", ...rest, ...told.flat()]);
      const fields = await call.promise.catch((thrown) => thrown);
      equal(Object.getPrototypeOf(fields), null);
      const wanted = { kind: "http", outcome: "rejected" };
      for (const [at, value] of rest.entries()) {
        const name = FIELD_NAMES[at + 2];
        const shown = value === undefined ? undefined : reference(value, [SECRET]);
        if (shown !== undefined) wanted[name] = name === "status" && shown !== "" ? Number(value) : shown;
      }
      if (told.length > 0) {
        wanted.issues = told.map(([field, message]) => ({ field, message: reference(message, [SECRET]) }));
      }
      deepEqual({ ...fields }, wanted);
    });
  });

  it("keeps nothing of a token that may not be sent", async () => {
    const token = `${SECRET}\nand a line`;
    const call = new Call({ token, timeout: Infinity });
    call.fail(["invalid_argument", "not_sent", `quotes ${token}`]);
    equal((await call.promise.catch((thrown) => thrown)).message, "quotes [redacted]");
  });
});
