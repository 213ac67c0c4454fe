// Each entry beside a module that a test made: where it gets that from, and what its functions hand over.
import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { moduleOf } from "./built/bytes.js";
import { glueOf, script, thrownBy, thrownWithoutMemory } from "./built/kit.js";
import * as sentences from "../../pkg-template/sentences.js";

const ENTRIES = ["browser.js", "node.js", "edge.js", "workerd.js"];
const { Call } = await script("call.js");
const { KeyFile } = await script("keyfile.js");
const { host } = await script("bytes.js");
const bytes = moduleOf("this build");
const FUNCTIONS = {
  createApiKey: sentences.MAY_EXIST,
  deleteApiKey: sentences.MAY_BE_DELETED,
  listApiKeys: sentences.NOTHING_CHANGED,
  readCredentials: sentences.ANOTHER_TOOL,
};
/** What makes a result of a document is seen by this one. */
const DOCUMENT = { count: 1, credentials: [{ id: "a" }] };
const response = (more) => ({ ok: true, arrayBuffer: async () => bytes.buffer, ...more });

let copies = 0;
/** A copy of an entry, over a glue with these functions and with a fetch that answers so. */
async function entry(name, run, answer = response) {
  const made = glueOf(Object.fromEntries(Object.keys(FUNCTIONS).map((one) => [one, (...given) => run(one, ...given)])));
  const fetched = [];
  globalThis.fetch = async (...given) => {
    fetched.push(given);
    return answer();
  };
  copies += 1;
  return { keys: await script(name, `copy=${copies}`), made, fetched };
}

/** The error of an entry's init where no instance can be made. */
async function failing(made) {
  const { keys } = await made;
  return thrownWithoutMemory(() => keys.init());
}

describe("an entry", () => {
  const { fetch } = globalThis;
  const restore = () => {
    globalThis.fetch = fetch;
  };

  for (const name of ENTRIES) {
    it(`${name} exports the same as each other`, async (test) => {
      test.after(restore);
      const { keys, made } = await entry(name, () => {});
      deepEqual(Object.keys(keys).sort(), [
        "ApiKeyError",
        "_Call",
        "_keys",
        "createApiKey",
        "deleteApiKey",
        "init",
        "isApiKeyError",
        "listApiKeys",
        "readCredentials",
        "saveFile",
      ]);
      equal(made.length, 0);
      equal(keys._Call, Call);
    });

    it(`${name} hands each call over by its name, and succeeds with what it gives`, async (test) => {
      test.after(restore);
      const seen = [];
      const { keys, made } = await entry(name, (one, call) => {
        seen.push([one, call]);
        call.succeed(`result of ${one}`);
      });
      const given = { timeout: Infinity, mark: {} };
      const file = new Blob(["PK"]);
      for (const one of Object.keys(FUNCTIONS)) {
        equal(await keys[one](one === "readCredentials" ? file : given), `result of ${one}`);
        const [called, call] = seen.pop();
        equal(called, one);
        if (one === "readCredentials") {
          ok(call instanceof KeyFile);
          equal(call.weight(), 2);
        } else {
          ok(call instanceof Call);
          equal(call.options.values.mark, given.mark);
        }
      }
      equal(made.length, 1);
      ok(keys._keys.isLoaded());
    });

    it(`${name} makes a result of a document for a list alone`, async (test) => {
      test.after(restore);
      const { keys } = await entry(name, (_, call) => {
        call.sink = { ...call.sink, chunks: [Buffer.from(JSON.stringify(DOCUMENT))] };
        call.json();
        const isGiven = call.give(2);
        if (!isGiven) call.succeed("no document");
      });
      const given = { timeout: Infinity };
      deepEqual(await keys.listApiKeys(given), { count: 1, keys: [{ id: "a" }] });
      equal(await keys.createApiKey(given), "no document");
      equal(await keys.deleteApiKey(given), "no document");
    });

    it(`${name} says of each call what a crash leaves in doubt`, async (test) => {
      test.after(restore);
      const { keys } = await entry(name, (_, __, { bad }) => bad());
      for (const [one, doubt] of Object.entries(FUNCTIONS)) {
        const error = await thrownBy(keys[one](one === "readCredentials" ? new Blob([]) : { timeout: Infinity }));
        equal(error.message, `${one} crashed; ${doubt}`);
      }
    });

    it(`${name} is loaded early by init, also from elsewhere`, async (test) => {
      test.after(restore);
      for (const source of [undefined, bytes]) {
        const { keys, made } = await entry(name, () => {});
        await keys.init(source);
        equal(made.length, 1);
        ok(keys._keys.isLoaded());
      }
      const error = await failing(entry(name, () => {}));
      equal(error.cause.message, "out of memory");
      equal(error.message.includes("is served beside the script"), name === "browser.js", error.message);
    });
  }

  it("for browsers fetches the module beside it", async (test) => {
    test.after(restore);
    const { keys, fetched } = await entry("browser.js", () => {});
    await keys.init();
    const [[url, init]] = fetched;
    equal(fetched.length, 1);
    ok(url.href.endsWith("/pkg-template/node_provider_keys.wasm"), url.href);
    equal(Object.getPrototypeOf(init), null);
    ok(init.signal instanceof AbortSignal);
  });

  it("for browsers has a copy where the file is lost, and needs none otherwise", async (test) => {
    test.after(restore);
    for (const answer of [
      () => response({ ok: false, status: 404 }),
      () => response({ arrayBuffer: async () => new ArrayBuffer(3) }),
      () => Promise.reject(new Error("offline")),
    ]) {
      const { keys, made } = await entry("browser.js", () => {}, answer);
      await keys.init();
      equal(made.length, 1);
    }
  });

  it("for Node and for the edge fetches nothing, and takes no module of another build", async (test) => {
    test.after(restore);
    for (const name of ["node.js", "edge.js", "workerd.js"]) {
      const { keys, fetched } = await entry(name, () => {});
      await keys.init();
      equal(fetched.length, 0, name);
      const wrong = await entry(name, () => {});
      const error = await thrownBy(wrong.keys.init(moduleOf("another build")));
      ok(error.message.includes("(it belongs to another version)"), error.message);
    }
  });

  it("for Node has its module from text with Buffer and without it", async (test) => {
    const { Buffer, atob } = globalThis;
    test.after(() => Object.assign(globalThis, { Buffer, atob, fetch }));
    globalThis.atob = undefined;
    const withBuffer = await entry("node.js", () => {});
    await withBuffer.keys.init();
    Object.assign(globalThis, { Buffer: undefined, atob });
    const without = await entry("node.js", () => {});
    await without.keys.init();
    ok(without.keys._keys.isLoaded());
  });

  it("for Node has coders and streams from Node where a test environment hides its own", async (test) => {
    const { process: own, TextDecoder: Decoder } = globalThis;
    const { inflating } = await script("keyfile.js");
    test.after(() => {
      globalThis.process = own;
      restore();
    });
    await entry("node.js", () => {});
    equal(host.coders, own.getBuiltinModule("node:util"));
    equal(inflating.streams, own.getBuiltinModule("node:stream/web"));
    for (const hidden of [undefined, {}]) {
      globalThis.process = hidden;
      await entry("node.js", () => {});
      equal(host.coders, globalThis);
      equal(inflating.streams, globalThis);
    }
    equal(Decoder, TextDecoder);
  });
});
