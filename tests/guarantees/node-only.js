// What only Node has: its own way of printing, contexts of node:vm, processes, and Jest.
import { getEventListeners } from "node:events";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import vm from "node:vm";
import {
  assert,
  host,
  task,
  test,
  fails,
  succeeds,
  create,
  remove,
  stub,
  patch,
  keyFile,
  bytesOf,
  sameBytes,
  scenario,
  secretToken,
  fileAnswer,
  onEnd,
  DEADLINE,
} from "./kit.js";

const where = () => ({ endpoint: host.origins[1] });

function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    const watchdog = setTimeout(() => child.kill("SIGKILL"), 60_000);
    child.once("close", (code, signal) => {
      clearTimeout(watchdog);
      resolve({ code, signal, output });
    });
  });
}

describe("On Node alone", () => {
  test("where a host has an address, a relative endpoint is a path on its origin", async () => {
    patch(globalThis, "location", { href: "https://app.example/keys/index.html" });
    for (const [endpoint, base] of Object.entries({ "/nes": "/nes", "./nes": "/keys/nes", "../nes": "/nes" })) {
      const fetch = stub(async () => new Response("null"));
      await succeeds(remove({ endpoint }, { fetch }));
      assert.match(fetch.calls[0].url, new RegExp(`^https://app\\.example${base}/v1/`));
    }
    for (const endpoint of ["//elsewhere.example/nes", "/\\elsewhere.example", "nes"]) {
      const fetch = stub(async () => new Response("null"));
      const error = await fails(remove({ endpoint }, { fetch }), { kind: "invalid_argument", outcome: "not_sent" });
      assert.deepEqual(
        error.issues.map(({ field }) => field),
        ["endpoint"],
      );
      assert.lengthOf(fetch.calls, 0);
    }
  });

  test("after 1,000 calls with one signal no listener is left on it", async () => {
    const controller = new AbortController();
    const warnings = [];
    const warn = (warning) => warnings.push(warning.name);
    process.on("warning", warn);
    const fetch = stub(async () => new Response("null"));
    for (let n = 0; n < 1000; n += 1) await remove(where(), { fetch, signal: controller.signal });
    assert.lengthOf(getEventListeners(controller.signal, "abort"), 0);
    const server = await scenario({ body: "null" });
    for (let n = 0; n < 20; n += 1) await remove(server, { signal: controller.signal });
    assert.lengthOf(getEventListeners(controller.signal, "abort"), 0);
    await task();
    process.off("warning", warn);
    assert.deepEqual(warnings, []);
  });

  test("an error printed by console and by util.inspect shows no key file", async () => {
    const { bytes } = await keyFile();
    const error = await fails(create(where(), { fetch: stub(async () => new Response(bytes.slice(0, -9))) }), {
      kind: "unexpected_response",
    });
    assert.notMatch(inspect(error), /\bfile: |Blob|File \{/);
    assert.isTrue(error.file instanceof Blob);
  });

  test("values of another realm do no harm: a Response, its bytes, a promise, an error, options, a token", async () => {
    const { bytes } = await keyFile();
    const realm = vm.createContext({ list: [...bytes], endpoint: host.origins[1], token: secretToken() });
    const make = (code) => vm.runInContext(code, realm);
    const response = (
      status,
    ) => `({ status: ${status}, ok: true, url: "", type: "default", headers: { get: () => null }, body: { getReader() { let at = 0; return {
      read: async () => at++ ? { done: true, value: undefined } : { done: false, value: Uint8Array.from(list) }, cancel: async () => {}, releaseLock() {} }; }, cancel: async () => {} } })`;
    const file = await succeeds(create(where(), { fetch: make(`async () => ${response(200)}`) }));
    assert.instanceOf(file, File);
    sameBytes(await bytesOf(file), bytes);
    await fails(create(where(), { fetch: make(`async () => ${response(500)}`) }), { kind: "http", outcome: "unknown" });
    await fails(create(where(), { fetch: make(`() => Promise.reject(new TypeError("fetch failed"))`) }), {
      kind: "network",
      outcome: "unknown",
    });
    await fails(create(where(), { fetch: make(`() => { throw new TypeError("fetch failed") }`) }), {
      outcome: "unknown",
    });
    await fails(create(where(), { fetch: make("async () => { throw null }") }), {
      kind: "network",
      outcome: "unknown",
    });
    await succeeds(
      remove(where(), { token: make("async () => token"), fetch: stub(async () => new Response("null")) }),
    );
    const options = make(
      `({ endpoint, projectId: "0123456789abcdef0123456789abcdef", credentialId: "01234567-89ab-cdef-0123-456789abcdef", token })`,
    );
    options.fetch = stub(async () => new Response("null"));
    await succeeds(host.pkg.deleteApiKey(options));
    await fails(create(where(), { token: make(`() => { throw new Error("no token") }`) }), {
      kind: "invalid_argument",
      outcome: "not_sent",
    });
  });

  test("a signal of another realm aborts the call, and its reason is the cause", async () => {
    const realm = vm.createContext({});
    const signal = vm.runInContext(
      `const listeners = new Set(); ({ aborted: false, reason: undefined, listeners, onabort: null,
      addEventListener(type, listener) { listeners.add(listener); }, removeEventListener(type, listener) { listeners.delete(listener); }, throwIfAborted() {}, dispatchEvent() {},
      abort() { this.aborted = true; this.reason = new Error("foreign"); for (const l of [...listeners]) typeof l === "function" ? l.call(this, { type: "abort" }) : l.handleEvent({ type: "abort" }); } })`,
      realm,
    );
    const fetch = stub(() => new Promise(() => {}));
    const pending = create(where(), { fetch, signal });
    pending.catch(() => {});
    while (fetch.calls.length === 0) await task();
    signal.abort();
    const error = await fails(pending, { kind: "aborted", outcome: "unknown" });
    assert.strictEqual(error.cause, signal.reason);
    assert.equal(signal.listeners.size, 0);
  });

  test("a process whose calls fail ends by itself, with nothing left to wait for", async () => {
    const script = `
      const { createApiKey, deleteApiKey } = await import(${JSON.stringify(host.packageUrl)});
      const options = { endpoint: ${JSON.stringify(host.refused)}, projectId: "0123456789abcdef0123456789abcdef", token: "token" };
      const kinds = [];
      const never = AbortSignal.any([new AbortController().signal]);
      for (const more of [{}, { token: () => { throw 1; } }, { fetch: () => { throw 1; } }, { fetch: async () => new Response("x"), signal: never }, { projectId: "" }, { fetch: () => new Promise(() => {}), timeout: 50 }]) {
        await createApiKey({ ...options, ...more }).catch((error) => kinds.push(error.kind));
      }
      console.log(kinds.join() + " timers:" + process.getActiveResourcesInfo().filter((name) => name === "Timeout").length);`;
    const { code, signal, output } = await run(process.execPath, [
      "--input-type=module",
      "--unhandled-rejections=strict",
      "-e",
      script,
    ]);
    assert.equal(`${code} ${signal}`, "0 null", output);
    assert.match(
      output,
      /^network,invalid_argument,(network|internal),unexpected_response,invalid_argument,timeout timers:0\s*$/,
    );
  });

  test("required and imported, the package gives the same names", async () => {
    const script = `
      const required = require(${JSON.stringify(host.config.packageFolder)});
      import(${JSON.stringify(host.packageUrl)}).then((imported) => console.log(JSON.stringify([Object.keys(required).sort(), Object.keys(imported).filter((name) => name !== "default" && name !== "module.exports").sort()])));`;
    const { output } = await run(process.execPath, ["-e", script]);
    const [required, imported] = JSON.parse(output);
    assert.deepEqual(
      required.filter((name) => name !== "default"),
      imported,
    );
    assert.includeMembers(imported, [
      "ApiKeyError",
      "createApiKey",
      "deleteApiKey",
      "init",
      "isApiKeyError",
      "readCredentials",
      "saveFile",
    ]);
  });

  test("an error of the required package is one to the imported package's guard, and the other way round", async () => {
    const { createRequire } = await import("node:module");
    const required = createRequire(import.meta.url)(host.config.packageFolder);
    const error = await required.createApiKey({}).catch((thrown) => thrown);
    assert.isTrue(host.pkg.isApiKeyError(error));
    assert.isTrue(required.isApiKeyError(await host.pkg.createApiKey({}).catch((thrown) => thrown)));
  });

  for (const name of ["node-fetch", "node-fetch-2"]) {
    test(`${name}, whose bodies are no web streams: calls work, limits hold, and a broken body's bytes are kept`, async () => {
      const { default: fetch } = await import(name);
      const { bytes } = await keyFile();
      const file = await succeeds(create(await scenario(fileAnswer(bytes)), { fetch }));
      sameBytes(await bytesOf(file), bytes);
      await succeeds(remove(await scenario({ body: "null" }), { fetch }));
      const endless = await scenario({ body: "x".repeat(64 * 1024), endless: true });
      const expected = { kind: "unexpected_response", outcome: "unknown", call: "create" };
      await fails(create(endless, { fetch, maxFileBytes: 100_000 }), expected);
      await endless.wait({ abandoned: 1 });
      assert.isBelow((await endless.log()).bodyBytes, 64 * 1024 * 1024);
      const broken = await scenario(fileAnswer(bytes, { stop: { at: "body", after: 100, how: "close" } }));
      // Version 2 never tells that a body with a length broke off: the deadline ends the call.
      const told = name === "node-fetch" ? expected : { kind: "timeout", outcome: "unknown" };
      const timeout = name === "node-fetch" ? 15_000 : DEADLINE;
      sameBytes(await bytesOf((await fails(create(broken, { fetch, timeout }), told)).file), bytes.slice(0, 100));
      const stalled = await scenario(fileAnswer(bytes, { stop: { at: "body", after: 100, how: "stall" } }));
      const late = await fails(create(stalled, { fetch, timeout: DEADLINE }), { kind: "timeout", outcome: "unknown" });
      sameBytes(await bytesOf(late.file), bytes.slice(0, 100));
      await stalled.wait({ abandoned: 1 });
    });
  }

  for (const how of ["cold", "warm"]) {
    test(`under sinon's fake timers a call on a stubbed fetch settles, and after them the next one does: ${how}`, async () => {
      const { default: FakeTimers } = await import("@sinonjs/fake-timers");
      const { bytes } = await keyFile();
      const pkg = how === "cold" ? await host.freshPackage() : host.pkg;
      const answer = () => ({ status: 200, headers: { get: () => null }, arrayBuffer: async () => bytes.buffer });
      const options = { ...where(), projectId: "0".repeat(32), token: "token", fetch: async () => answer() };
      const clock = FakeTimers.install();
      onEnd(() => clock.uninstall());
      assert.equal((await pkg.createApiKey(options)).size, bytes.length);
      const late = pkg.createApiKey({ ...options, fetch: () => new Promise(() => {}), timeout: 60_000 });
      late.catch(() => {});
      await clock.tickAsync(60_000);
      assert.equal((await late.catch((error) => error)).kind, "timeout");
      clock.uninstall();
      assert.equal((await pkg.createApiKey(options)).size, bytes.length);
    });
  }

  test("saveFile leaves nothing that keeps a process alive, where a page is only simulated", async () => {
    const script = `
      globalThis.document = { createElement: () => ({ click() {} }) };
      const { saveFile } = await import(${JSON.stringify(host.packageUrl)});
      saveFile(new File(["PK"], "a.zip"));
      console.log("timers:" + process.getActiveResourcesInfo().filter((name) => name === "Timeout").length);`;
    const { code, output } = await run(process.execPath, ["--no-warnings", "--input-type=module", "-e", script]);
    assert.equal(code, 0, output);
    assert.equal(output.trim(), "timers:0");
  });

  test("in Jest 30 the required package makes, fails and aborts calls as anywhere", async function () {
    this.timeout(90_000);
    const root = fileURLToPath(new URL("./jest/", import.meta.url));
    const jest = fileURLToPath(new URL("./bin/jest.js", import.meta.resolve("jest/package.json")));
    const config = {
      rootDir: root,
      testMatch: ["<rootDir>/*.jest.cjs"],
      testEnvironment: "node",
      modulePaths: [host.config.modulesFolder],
      haste: { enableSymlinks: false },
      watchman: false,
    };
    const { code, output } = await run(
      process.execPath,
      [jest, "--ci", "--no-cache", "--runInBand", "--config", JSON.stringify(config)],
      { env: { ...process.env, NPK_ENDPOINT: host.origins[1], NPK_REFUSED: host.refused, NO_COLOR: "1" } },
    );
    assert.equal(code, 0, output);
    assert.match(output, /Tests:\s+8 passed, 8 total/, output);
    assert.notMatch(output, /did not exit|open handle|unhandled/i, output);
  });
});
