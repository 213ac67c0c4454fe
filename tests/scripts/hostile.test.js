// Where a host, a caller or a prototype is not what the scripts would like it to be.
import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { moduleOf } from "./built/bytes.js";
import { glueOf, script, settled, thrownBy } from "./built/kit.js";
import { ABORTED, CLOSED, LARGE, OTHER } from "../../pkg-template/names.js";
import { sinkOf } from "../../pkg-template/bytes.js";
import { Call } from "../../pkg-template/call.js";
import { copyOf } from "../../pkg-template/clean.js";
import { drain } from "../../pkg-template/exchange.js";
import { fileNameOf } from "../../pkg-template/filename.js";
import { KeyFile } from "../../pkg-template/keyfile.js";
import { Options } from "../../pkg-template/options.js";
import { get, isObject, own } from "../../pkg-template/own.js";
import { redacted, secretOf } from "../../pkg-template/redact.js";

const { client } = await script("client.js");
const SECRET = "correct-horse-battery-staple";

/** Puts a property on every object until the test ends. */
function pollute(test, name, descriptor) {
  Object.defineProperty(Object.prototype, name, { configurable: true, ...descriptor });
  test.after(() => {
    delete Object.prototype[name];
  });
}

describe("a call beside a polluted prototype", () => {
  it("asks its own function for a secret", async (test) => {
    pollute(test, "token", { value: () => "polluted", writable: true });
    const call = new Call({ token: () => SECRET, timeout: Infinity });
    await call.ask("token");
    equal(call.options.values.token, SECRET);
  });

  it("hides its secret also where nothing of its name can be set", async (test) => {
    pollute(test, "token", { value: "polluted", writable: false });
    const given = Object.defineProperty({ timeout: Infinity }, "token", { value: SECRET, enumerable: true });
    equal(new Call(given).redact(`a ${SECRET}`), "a [redacted]");
  });
});

describe("a signal", () => {
  const signalOf = (removed, listeners = []) => ({
    aborted: false,
    addEventListener: (_, listen) => listeners.push(listen),
    removeEventListener: (...given) => removed.push(given),
  });

  it("that goes on after a call is over ends it no more", () => {
    const listeners = [];
    const call = new Call({ signal: signalOf([], listeners), timeout: Infinity });
    call.release();
    for (const listen of listeners) listen();
    equal(call.state(), 0);
    const ended = new Call({ signal: signalOf([], listeners), timeout: Infinity });
    listeners.at(-1)();
    ended.release();
    equal(ended.state(), ABORTED);
  });

  it("that was never listened to is not let go of", () => {
    const removed = [];
    new Call({ signal: signalOf(removed), timeout: 0 }).release();
    deepEqual(removed, []);
    new Call({ signal: signalOf(removed), timeout: Infinity }).release();
    equal(removed.length, 1);
    equal(removed[0][0], "abort");
  });
});

describe("a call that is to give nothing", () => {
  it("gives nothing, with a document and without one", async () => {
    for (const hasDocument of [false, true]) {
      const call = new Call({ timeout: Infinity }, () => "a result");
      call.sink = { ...call.sink, chunks: [Buffer.from("[]")] };
      if (hasDocument) ok(call.json());
      ok(call.give(0));
      equal(await call.promise, undefined);
    }
  });
});

describe("a fetch", () => {
  it("that refuses a signal is known by what engines say", async () => {
    for (const message of [
      'RequestInit: Expected signal ("AbortSignal {}") to be an instance of AbortSignal.',
      "Failed to construct 'Request': member signal is not of type AbortSignal, expected signal of type AbortSignal",
    ]) {
      let sent = 0;
      const fetch = () => {
        sent += 1;
        if (sent === 1) throw new TypeError(message);
        return { status: 204 };
      };
      const call = new Call({ token: "t", fetch, timeout: Infinity });
      await call.send("GET", "/", "");
      equal(call.status(), 204, message);
    }
  });

  it("whose body is an iterator that cannot be stopped is let go of all the same", async () => {
    const next = async () => ({ done: false, value: Uint8Array.of(1, 2) });
    const sink = sinkOf(1);
    equal(await drain({ body: { [Symbol.asyncIterator]: () => ({ next }) } }, sink), LARGE);
    equal(sink.stop(), undefined);
  });

  it("whose answer can be read as JSON alone has a body that nobody reads", async () => {
    equal(await drain({ json: async () => ({}) }, sinkOf(9)), CLOSED);
  });
});

describe("a function", () => {
  it("is an object as any other", () => {
    const value = Object.assign(() => {}, { mine: 1 });
    ok(isObject(value));
    equal(own(value, "mine"), 1);
    equal(get(value, "mine"), 1);
  });
});

describe("a secret with codes in it", () => {
  it("is bare without what does not show, and with a code of what is none", () => {
    for (const [text, plain] of [
      ["a%20b", "ab"],
      ["a%1fb", "a%1fb"],
      ["a%21b", "a!b"],
      ["a\x7fb", "ab"],
      ["a~b", "a~b"],
    ]) {
      equal(secretOf(text).plain, plain);
    }
  });

  it("is found by its own characters, too, in a text that has none to take out", () => {
    equal(redacted("41abcdefghij", [secretOf("%41abcdefghijklmnop")]), "[redacted]");
  });
});

describe("options that all were asked for", () => {
  it("leave none, whatever a name may look like", () => {
    equal(new Options({}).unknown("^$"), undefined);
  });
});

describe("an endpoint", () => {
  it("is none before it was taken, and none whose address only becomes a text", () => {
    equal(new Options({}).base, "");
    for (const href of [["https://bcs.example.com"], { toString: () => "https://bcs.example.com" }]) {
      const options = new Options({ endpoint: { href } });
      equal(options.endpoint("endpoint", "^"), OTHER);
      equal(options.base, "");
    }
  });
});

describe("a header with a file's name", () => {
  it("may end in any white space, lack a value, and be of high bytes alone", () => {
    equal(fileNameOf("attachment; filename=key.zip\u00a0"), "key.zip");
    equal(fileNameOf("attachment; filename*; filename=key.zip"), "key.zip");
    equal(fileNameOf("attachment; filename=\xc3\xa9"), "é.zip");
    equal(fileNameOf("inline; filename=first.zip; attachment; filename=second.zip"), "first.zip");
    // Only what could be bytes is read as bytes.
    equal(fileNameOf("attachment; filename=\xc3\xa9\u0141.zip"), "\xc3\xa9\u0141.zip");
  });

  it("is cut by the bytes that file systems count", () => {
    for (const [letter, most] of [
      ["\x7e", 176],
      ["\xe9", 88],
      ["\u07ff", 88],
      ["\u0800", 58],
      ["\u{1f511}", 44],
    ]) {
      const header = `attachment; filename*=UTF-8''${encodeURIComponent(letter.repeat(200))}`;
      equal(fileNameOf(header), `${letter.repeat(most)}.zip`);
    }
  });
});

describe("the fields of an error", () => {
  it("say kind and outcome, whatever the token is", async () => {
    const call = new Call({ token: "rejected", timeout: Infinity });
    call.adopt();
    call.fail(["http", "rejected", "it was rejected"]);
    const { kind, outcome, message } = await thrownBy(call.promise);
    deepEqual([kind, outcome, message], ["http", "rejected", "it was [redacted]"]);
  });

  it("are told as they are where there is no secret", async () => {
    const file = new KeyFile(new Blob([]));
    file.fail(["invalid_argument", "not_sent", "it is none"]);
    equal((await thrownBy(file.promise)).message, "it is none");
  });
});

describe("a key file", () => {
  it("is one that can be read or cut", () => {
    equal(new KeyFile({ size: 3, arrayBuffer: () => {} }).weight(), 3);
    equal(new KeyFile({ size: 3, slice: () => {} }).weight(), 3);
  });

  it("has no text where quotation marks stand in what is not UTF-8", async () => {
    const file = new KeyFile(new Blob([Uint8Array.of(0x22, 0x22, 0xff)]));
    await file.load();
    equal(file.cell(0, 0, 3, true), false);
  });
});

describe("a copy of an error", () => {
  it("has a name and a code that can be replaced, and that nobody lists", () => {
    const copy = copyOf({ name: "TypeError", code: "E", message: "m" }, (text) => text);
    for (const [name, value] of [
      ["name", "TypeError"],
      ["code", "E"],
    ]) {
      deepEqual(Object.getOwnPropertyDescriptor(copy, name), {
        value,
        writable: true,
        configurable: true,
        enumerable: false,
      });
    }
  });
});

describe("a module that comes twice", () => {
  it("is entered once", async () => {
    const made = glueOf({ good: (call) => call.succeed("result") });
    const module = new WebAssembly.Module(moduleOf("this build"));
    const keys = client(() => module);
    let come;
    const late = keys.join(
      () =>
        new Promise((resolve) => {
          come = resolve;
        }),
    );
    late.promise.catch(() => {});
    late.leave();
    equal(await keys.run("good", new Call({ timeout: Infinity }), ""), "result");
    come(module);
    await settled();
    equal(made.length, 1);
  });
});
