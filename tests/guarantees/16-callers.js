import {
  assert,
  host,
  platform,
  test,
  scenario,
  fails,
  succeeds,
  create,
  remove,
  deferred,
  stub,
  onEnd,
  keyFile,
  fileAnswer,
  bytesOf,
  sameBytes,
  secretToken,
  to,
  CREDENTIAL,
} from "./kit.js";

// Pages have no contexts yet; Deno and Bun are in tests/runtimes.
const { AsyncLocalStorage } = host.page ? {} : await import("node:async_hooks");
const { strays, WAYS } = host.page ? { WAYS: [] } : await import("../support/contexts.js");

const TENANTS = ["one", "two", "three"];

/** Tenants with a server, a file and tokens of their own. `answers` gives what a server answers, by the file's bytes. */
const tenants = (answers) =>
  Promise.all(
    TENANTS.map(async (name, at) => {
      const { bytes } = await keyFile();
      const server = await scenario(answers(bytes), { origin: at % host.origins.length });
      return { name, bytes, server, tokens: [secretToken(), secretToken(), secretToken()] };
    }),
  );

const sent = async ({ server }) => (await server.log()).requests.map(({ headers }) => headers["x-auth-token"]);

describe("16. Nothing crosses between callers", () => {
  test("tenants with an endpoint each, at the same time: each token goes to its own, and each gets its own file", async () => {
    const list = await tenants((bytes) => [{ status: 401, body: "{}" }, fileAnswer(bytes)]);
    const open = deferred();
    const files = list.map(async ({ server, tokens }) => {
      await open.promise;
      let calls = 0;
      return create(server, { token: async () => tokens[calls++] });
    });
    open.resolve();
    for (const [at, file] of (await Promise.all(files)).entries()) {
      sameBytes(await bytesOf(file), list[at].bytes);
      assert.deepEqual(await sent(list[at]), list[at].tokens.slice(0, 2));
    }
  });

  test("tenants who delete with retries, at the same time: each token goes to its own endpoint", async () => {
    const busy = { status: 503, body: "{}", headers: { "Retry-After": "0" } };
    const list = await tenants(() => [busy, { status: 401, body: "{}" }, { body: "null" }]);
    await Promise.all(
      list.map(({ server, tokens }) => {
        let calls = 0;
        return remove(server, { token: () => tokens[calls++], retries: 2 });
      }),
    );
    for (const tenant of list) assert.deepEqual(await sent(tenant), tenant.tokens);
  });

  test("the first calls of all, at the same time, are each their own caller's", async () => {
    const list = await tenants(() => ({ body: "null" }));
    const fresh = await host.freshPackage();
    await Promise.all(
      list.map(({ server, tokens: [token] }) => fresh.deleteApiKey(to(server, { token, credentialId: CREDENTIAL }))),
    );
    for (const tenant of list) assert.deepEqual(await sent(tenant), tenant.tokens.slice(0, 1));
  });

  if (host.page) return;

  for (const way of WAYS) {
    test(`all of a caller's runs in the caller's context, cold and warm: ${way} first`, async () => {
      const fresh = await host.freshPackage();
      const module = await WebAssembly.compile(await readModule());
      for (const how of ["cold", "warm"]) {
        const { strays: found, ran } = await strays(fresh, way, module);
        assert.deepEqual(found, [], how);
        for (const what of ["token", "fetch", "the global fetch", "the reader.read", "the file.arrayBuffer"])
          assert.include(ran, what);
      }
    });
  }

  async function readModule() {
    const { readFile } = await import("node:fs/promises");
    return readFile(`${host.config.packageFolder}/node_provider_keys.wasm`);
  }

  for (const how of ["cold", "warm"]) {
    test(`callers who waited for one promise send each their own context's token to their own endpoint: ${how}`, async () => {
      const context = new AsyncLocalStorage();
      const token = () => context.getStore().tokens[0];
      const list = await tenants((bytes) => fileAnswer(bytes));
      const { createApiKey } = how === "cold" ? await host.freshPackage() : host.pkg;
      const open = deferred();
      const calls = list.map((tenant) =>
        context.run(tenant, async () => {
          await open.promise;
          return createApiKey({ ...to(tenant.server), token });
        }),
      );
      open.resolve();
      for (const [at, file] of (await Promise.all(calls)).entries()) {
        sameBytes(await bytesOf(file), list[at].bytes);
        assert.deepEqual(await sent(list[at]), [list[at].tokens[0]]);
      }
    });
  }

  test("ten handlers of a cold server, which share nothing, keep each to their own context", async () => {
    const context = new AsyncLocalStorage();
    const { deleteApiKey } = await host.freshPackage();
    const seen = [];
    const handle = async (name) => {
      await new Promise((resolve) => platform.setTimeout(resolve, 0));
      const fetch = async () => (seen.push([name, context.getStore()]), new Response("null"));
      const token = () => (seen.push([name, context.getStore()]), "token");
      await deleteApiKey(to({ endpoint: host.origins[1] }, { token, fetch, credentialId: CREDENTIAL }));
      seen.push([name, context.getStore()]);
    };
    await Promise.all(Array.from({ length: 10 }, (_, name) => context.run(name, handle, name)));
    assert.lengthOf(seen, 30);
    for (const [name, at] of seen) assert.equal(at, name);
  });

  test("a deadline that passes, and a crash of the module, end each call in its caller's context", async () => {
    const context = new AsyncLocalStorage();
    const original = host.pkg;
    onEnd(() => {
      host.pkg = original;
    });
    host.pkg = await host.trapPackage();
    await succeeds(remove({ endpoint: host.origins[1] }, { fetch: stub(async () => new Response("null")) }));
    const seen = new Set();
    const note = (what, name) => seen.add(`${what} of ${name} in the context of ${context.getStore()}`);
    const signalOf = (name) => ({
      aborted: false,
      addEventListener() {},
      removeEventListener: () => note("the listener's end", name),
    });
    const pending = (name, more) =>
      context.run(name, () => {
        const fetch = () => {
          note("fetch", name);
          return new Promise(() => {});
        };
        return fails(create({ endpoint: host.origins[1] }, { fetch, signal: signalOf(name), ...more }), {
          kind: name === "late" ? "timeout" : "internal",
          outcome: "unknown",
        });
      });
    const late = pending("late", { timeout: 50 });
    const early = pending("early", {});
    await late;
    await context.run("crashing", () =>
      fails(create({ endpoint: host.origins[1] }, { description: "trap", fetch: stub(() => {}) }), {
        kind: "internal",
      }),
    );
    await early;
    assert.sameMembers(
      [...seen],
      ["late", "early"].flatMap((name) =>
        ["fetch", "the listener's end"].map((what) => `${what} of ${name} in the context of ${name}`),
      ),
    );
  });
});
