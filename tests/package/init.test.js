// init: loading early, from elsewhere, and after a failure.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { assert } from "chai";
import { project } from "../support/consumer.js";
import { PROJECT, TOKEN, world } from "./world.js";

const CREDENTIAL = "01234567-89ab-cdef-0123-456789abcdef";

describe("init", () => {
  let require;
  let bytes;
  let compiled;
  const { compile } = WebAssembly;

  before(async () => {
    // The first fetch of all makes Node compile a module of its own.
    await fetch(world.service.url);
    require = createRequire(join(project(), "index.js"));
    bytes = readFileSync(require.resolve("node-provider-keys/node_provider_keys.wasm"));
  });
  beforeEach(() => {
    compiled = [];
    WebAssembly.compile = (source) => {
      compiled.push(source);
      return compile.call(WebAssembly, source);
    };
  });
  afterEach(() => {
    WebAssembly.compile = compile;
  });

  /** The package as after its import: nothing is loaded yet. */
  function fresh() {
    const path = require.resolve("node-provider-keys");
    delete require.cache[path];
    return require(path);
  }

  /** A call that reaches the service shows that the module runs. */
  async function works({ deleteApiKey }) {
    const options = { endpoint: world.service.url, projectId: PROJECT, token: TOKEN, credentialId: CREDENTIAL };
    const error = await deleteApiKey(options).catch((thrown) => thrown);
    assert.equal(error.status, 404, error.message);
  }

  it("is never needed: the first call loads the module, and later ones do not", async () => {
    const keys = fresh();
    await Promise.all([works(keys), works(keys)]);
    await works(keys);
    assert.lengthOf(compiled, 1);
  });

  it("is not needed by a first call without options, or with none that are legal", async () => {
    const { createApiKey } = fresh();
    const file = await createApiKey({ endpoint: world.service.url, projectId: PROJECT, token: TOKEN });
    assert.lengthOf(await fresh().readCredentials(file), 1);
    for (const options of [undefined, null, 42, "text", () => {}]) {
      const error = await fresh()
        .createApiKey(options)
        .catch((thrown) => thrown);
      assert.deepInclude({ ...error }, { kind: "invalid_argument", outcome: "not_sent" }, error.message);
    }
  });

  it("may hang: a call that waited for it runs out of time, and the next call loads the module anew", async () => {
    const keys = fresh();
    keys.init(new Promise(() => {}));
    const options = { endpoint: world.service.url, projectId: PROJECT, token: TOKEN, timeout: 20 };
    const error = await keys.createApiKey(options).catch((thrown) => thrown);
    assert.deepInclude({ ...error }, { kind: "timeout", outcome: "not_sent" }, error.message);
    await works(keys);
  });

  it("loads the module before the first call", async () => {
    const keys = fresh();
    assert.isUndefined(await keys.init());
    assert.lengthOf(compiled, 1);
    await keys.init();
    await works(keys);
    assert.lengthOf(compiled, 1);
  });

  const response = (body = bytes, more = {}) => new Response(body, more);
  const dataUrl = () => `data:text/plain;base64,${bytes.toString("base64")}`;
  const padded = () => Buffer.concat([Buffer.alloc(3), bytes, Buffer.alloc(5)]);

  for (const [what, source] of [
    ["bytes", () => new Uint8Array(bytes)],
    ["a buffer", () => new Uint8Array(bytes).buffer],
    ["bytes in the midst of others", () => padded().subarray(3, 3 + bytes.length)],
    ["a view of bytes in the midst of others", () => new DataView(new Uint8Array(padded()).buffer, 3, bytes.length)],
    ["a response of whatever type", () => response(bytes, { headers: { "Content-Type": "text/plain" } })],
    ["a promise of a response", async () => response()],
    ["an address", dataUrl],
    ["an address as URL", () => new URL(dataUrl())],
  ]) {
    it(`takes ${what}`, async () => {
      const keys = fresh();
      await keys.init(source());
      await works(keys);
      assert.lengthOf(compiled, 1);
      const [given] = compiled;
      const view = ArrayBuffer.isView(given)
        ? new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
        : new Uint8Array(given);
      assert.isTrue(bytes.equals(view), "the given bytes are compiled");
    });
  }

  it("takes a module, and compiles nothing then", async () => {
    const module = await compile.call(WebAssembly, bytes);
    const keys = fresh();
    await keys.init(module);
    await works(keys);
    assert.lengthOf(compiled, 0);
  });

  for (const [what, source] of [
    ["an HTML page", () => new TextEncoder().encode("<!doctype html>")],
    ["no bytes", () => new Uint8Array()],
    ["half a module", () => new Uint8Array(bytes).subarray(0, bytes.length / 2)],
    ["a response of status 404", () => response(bytes, { status: 404 })],
    ["an address where nothing is", () => `${world.service.url}/node_provider_keys.wasm`],
    ["an address that is none", () => "node_provider_keys.wasm"],
    ["a promise that is rejected", () => Promise.reject(new Error("offline"))],
    ["a number", () => 42],
    ["a module of another sort", () => new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])],
  ]) {
    it(`fails for ${what}, and the next call loads the package's own module`, async () => {
      const keys = fresh();
      const error = await keys.init(source()).catch((thrown) => thrown);
      assert.isTrue(keys.isApiKeyError(error), `it should have failed: ${error}`);
      assert.deepInclude({ ...error }, { kind: "internal", outcome: "not_sent" });
      assert.match(error.message, /^init .+\.$/);
      await works(keys);
    });
  }

  it("tries again after it failed", async () => {
    const keys = fresh();
    await keys.init(new Uint8Array()).catch(() => {});
    await keys.init(bytes);
    await works(keys);
    assert.deepEqual(compiled.at(-1), bytes);
  });
});
