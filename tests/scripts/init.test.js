import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, it } from "node:test";
import { moduleOf } from "./built/bytes.js";
import { glueOf, script, settled, thrownBy } from "./built/kit.js";
import { sentence } from "./sentence.js";

const { client } = await script("client.js");
const { load } = await script("init.js");
const { isApiKeyError } = await script("error.js");
const bytes = moduleOf("this build");
const own = new WebAssembly.Module(bytes);

/** A client that is not loaded yet; how often it asked for its own module. */
function clientOf(source = () => own) {
  glueOf({});
  const asked = [];
  const keys = client((signal) => {
    asked.push(signal);
    return source(signal);
  });
  return { keys, asked };
}

/** Replaces fetch until the test ends; gives what it was called with. */
function fetching(test, answer) {
  const { fetch } = globalThis;
  test.after(() => {
    globalThis.fetch = fetch;
  });
  const calls = [];
  globalThis.fetch = async (...given) => {
    calls.push(given);
    return answer();
  };
  return calls;
}

const response = (more) => ({ arrayBuffer: async () => bytes.buffer, ...more });

describe("init", () => {
  it("loads the client's own module where it is given nothing, and once", async () => {
    for (const nothing of [undefined, null]) {
      const { keys, asked } = clientOf();
      equal(await load(keys, nothing), undefined);
      ok(keys.isLoaded());
      await load(keys, nothing);
      await load(keys, () => {});
      equal(asked.length, 1);
    }
  });

  it("takes a module, its bytes, a response, or a promise of one", async () => {
    const padded = new Uint8Array([1, ...bytes, 2]);
    for (const given of [
      own,
      bytes,
      bytes.buffer,
      new DataView(padded.buffer, 1, bytes.length),
      padded.subarray(1, bytes.length + 1),
      response(),
      new Response(bytes),
    ]) {
      for (const wrap of [(it) => it, (it) => Promise.resolve(it)]) {
        const { keys, asked } = clientOf();
        await load(keys, wrap(given instanceof Response ? given.clone() : given));
        ok(keys.isLoaded());
        equal(asked.length, 0);
      }
    }
  });

  it("fetches an address, as a text or a URL, with a signal that ends it", async (test) => {
    const calls = fetching(test, response);
    const address = "https://cdn.example/module.wasm";
    for (const given of [address, new URL(address), Promise.resolve(address)]) {
      const { keys, asked } = clientOf();
      await load(keys, given);
      ok(keys.isLoaded());
      equal(asked.length, 0);
      const [url, init] = calls.pop();
      equal(`${url}`, address);
      equal(Object.getPrototypeOf(init), null);
      ok(init.signal instanceof AbortSignal);
    }
    equal(calls.length, 0);
  });

  it("fetches nothing else", async (test) => {
    const calls = fetching(test, response);
    for (const given of [{}, { href: "" }, 7, [1, 2, 3]]) {
      const error = await thrownBy(load(clientOf().keys, given));
      equal(error.kind, "internal");
    }
    deepEqual(calls, []);
  });

  it("fails as a call does, and the next load begins anew", async () => {
    let isThere = false;
    const { keys, asked } = clientOf(() => (isThere ? own : Promise.reject(new Error("gone"))));
    const error = await thrownBy(load(keys));
    ok(isApiKeyError(error));
    deepEqual([error.kind, error.outcome], ["internal", "not_sent"]);
    equal(error.message, sentence("init", "gone", "pass the module, compiled before, to init()"));
    equal(error.cause.message, "gone");
    isThere = true;
    await load(keys);
    ok(keys.isLoaded());
    equal(asked.length, 2);
    const refused = await thrownBy(load(clientOf().keys, response({ ok: false, status: 404 })));
    ok(refused.message.includes("(it was answered with status 404)"), refused.message);
  });

  it("waits with others for one load, and leaves it when it has ended", async () => {
    let come;
    const { keys, asked } = clientOf(
      () =>
        new Promise((resolve) => {
          come = resolve;
        }),
    );
    const loads = [load(keys), load(keys)];
    await settled();
    come(own);
    await Promise.all(loads);
    equal(asked.length, 1);
    ok(!asked[0].aborted);
  });

  it("leaves a load, however it ends", async () => {
    for (const end of ["resolve", "reject"]) {
      let left = 0;
      const leave = () => {
        left += 1;
      };
      const keys = {
        isLoaded: () => false,
        join: () => ({ promise: Promise[end]("end"), leave }),
        whyNotLoaded: () => ({}),
      };
      await load(keys).catch(() => {});
      equal(left, 1, end);
    }
  });
});
