// What only a page has: preflights, frames, opaque answers, a content security policy, modules over HTTP.
import {
  assert,
  host,
  platform,
  task,
  test,
  scenario,
  fails,
  succeeds,
  create,
  remove,
  CALLS,
  stub,
  onEnd,
  keyFile,
  fileAnswer,
  bytesOf,
  sameBytes,
  secretToken,
  to,
  patch,
  DEADLINE,
} from "./kit.js";

const where = () => ({ endpoint: host.origins[1] });

async function frame(src = "about:blank") {
  const element = document.createElement("iframe");
  const loaded = new Promise((resolve) => element.addEventListener("load", resolve, { once: true }));
  element.src = src;
  document.body.append(element);
  onEnd(() => element.remove());
  await loaded;
  return element.contentWindow;
}

describe("In a page alone", () => {
  for (const [name, call, asked] of [
    ["create", create, "content-type,x-auth-token"],
    ["delete", remove, "x-auth-token"],
  ]) {
    test(`the preflight of a ${name} asks for exactly ${asked}`, async () => {
      const { bytes } = await keyFile();
      const server = await scenario(name === "create" ? fileAnswer(bytes) : { body: "null" });
      await succeeds(call(server));
      const { preflights } = await server.log();
      assert.deepEqual(
        preflights.map((headers) =>
          headers
            .split(",")
            .map((header) => header.trim().toLowerCase())
            .sort()
            .join(),
        ),
        [asked],
      );
    });

    test(`a denied preflight: network/unknown, and the ${name} is not sent`, async () => {
      const server = await scenario({ body: "null" }, { preflight: "deny" });
      await fails(call(server), { kind: "network", outcome: "unknown", call: name });
      assert.lengthOf((await server.log()).requests, 0);
    });

    test(`an answer without CORS headers: network/unknown: ${name}`, async () => {
      const server = await scenario({ body: "null", cors: false });
      await fails(call(server), { kind: "network", outcome: "unknown", call: name });
      assert.lengthOf((await server.log()).requests, 1);
    });
  }

  for (const status of [301, 302, 303, 307, 308]) {
    test(`a ${status} from the page's own origin is not followed`, async () => {
      for (const [name, call] of CALLS) {
        const server = await scenario(
          [{ status, cors: false, headers: { Location: "{{other}}/s/{{id}}/elsewhere" } }, { body: "followed" }],
          { origin: 0 },
        );
        await fails(call(server), { kind: "redirect", outcome: "unknown", call: name });
        assert.lengthOf((await server.log()).requests, 1);
      }
    });
  }

  test("an opaque answer is no answer: unknown", async () => {
    const server = await scenario({ body: "null" });
    const fetch = stub(() => platform.fetch(server.endpoint, { mode: "no-cors" }));
    await fails(remove(where(), { fetch }), { kind: ["network", "unexpected_response"], outcome: "unknown" });
  });

  test("a Response, bytes, errors and a fetch of another frame work as this page's own", async () => {
    const other = await frame();
    const { bytes } = await keyFile();
    const file = await succeeds(
      create(where(), { fetch: stub(async () => new other.Response(new other.Uint8Array(bytes))) }),
    );
    assert.instanceOf(file, File);
    sameBytes(await bytesOf(file), bytes);
    await succeeds(remove(where(), { fetch: stub(async () => new other.Response("null")) }));
    await fails(remove(where(), { fetch: stub(() => other.Promise.reject(new other.TypeError("no"))) }), {
      kind: "network",
      outcome: "unknown",
    });
    await fails(
      remove(where(), {
        fetch: stub(() => {
          throw new other.Error("no");
        }),
      }),
      { outcome: "unknown" },
    );
    await succeeds(remove(await scenario({ body: "null" }), { fetch: (...args) => other.fetch(...args) }));
    await succeeds(
      remove(where(), { token: () => other.Promise.resolve("token"), fetch: stub(async () => new Response("null")) }),
    );
  });

  test("a signal, an address and options of another frame work as this page's own", async () => {
    const other = await frame();
    const controller = new other.AbortController();
    const fetch = stub(() => new Promise(() => {}));
    const pending = create({ endpoint: new other.URL(host.origins[1]) }, { fetch, signal: controller.signal });
    pending.catch(() => {});
    while (fetch.calls.length === 0) await task();
    const reason = new other.Error("foreign");
    controller.abort(reason);
    assert.strictEqual((await fails(pending, { kind: "aborted", outcome: "unknown", call: "create" })).cause, reason);
    const options = Object.assign(
      new other.Object(),
      to(where(), { credentialId: "x".repeat(36), fetch: stub(async () => new Response("null")) }),
    );
    await succeeds(host.pkg.deleteApiKey(options));
    const { bytes } = await keyFile();
    assert.lengthOf(await succeeds(host.pkg.readCredentials(new other.Blob([bytes]))), 1);
  });

  test("a frame that is removed while its fetch is under way leaves a call that can be aborted", async () => {
    const other = await frame();
    const server = await scenario({ stop: { at: "status", how: "stall" } });
    const controller = new AbortController();
    const pending = create(server, { fetch: (...args) => other.fetch(...args), signal: controller.signal });
    pending.catch(() => {});
    await server.wait({ held: 1 });
    other.frameElement.remove();
    await task();
    controller.abort();
    await fails(pending, { kind: ["aborted", "network"], outcome: "unknown", call: "create" });
  });

  test("under a policy that blocks WebAssembly: internal/not_sent, and nothing is sent", async () => {
    const server = await scenario({ body: "null" });
    const other = await frame(
      `/page/no-wasm.html?${new URLSearchParams({ package: host.packageUrl, endpoint: server.endpoint })}`,
    );
    const told = await other.outcome;
    assert.deepEqual({ ...told }, { kind: "internal", outcome: "not_sent", isApiKeyError: true });
    assert.lengthOf((await server.log()).requests, 0);
  });

  test("a module whose file does not arrive: internal/not_sent, and the next call fetches it again", async () => {
    const original = host.pkg;
    onEnd(() => {
      host.pkg = original;
    });
    const tag = `flaky${Date.now()}`;
    host.pkg = await import(host.packageUrl.replace(/\/package\/[^/]+\//, `/package/${tag}/`));
    const fetch = stub(async () => new Response("null"));
    await fails(remove(where(), { fetch }), { kind: "internal", outcome: "not_sent" });
    assert.lengthOf(fetch.calls, 0);
    await platform.fetch(`/mend/${tag}`);
    await succeeds(remove(where(), { fetch }));
  });

  test("saveFile refuses what is no file by name, a Response among them", () => {
    for (const value of [new Response("x"), "PK", new Uint8Array(4), [], { size: 4 }, null, undefined, () => {}]) {
      assert.throws(
        () => host.pkg.saveFile(value),
        host.pkg.ApiKeyError,
        /^saveFile got invalid arguments: file must be/,
      );
    }
  });

  test("saveFile downloads a file under its name, and a Blob under the standard one", () => {
    const clicked = [];
    patch(HTMLAnchorElement.prototype, "click", function () {
      clicked.push([this.download, new URL(this.href).protocol]);
    });
    patch(globalThis, "setTimeout", () => 1);
    host.pkg.saveFile(new File(["PK"], "a.zip"));
    host.pkg.saveFile(new Blob(["PK"]));
    assert.deepEqual(clicked, [
      ["a.zip", "blob:"],
      ["node-provider-key.zip", "blob:"],
    ]);
  });

  describe("a module whose file stalls", () => {
    /** A package whose .wasm comes from a server that is told what to do with it, request by request. */
    async function stalling(answers) {
      const original = host.pkg;
      onEnd(() => {
        host.pkg = original;
      });
      host.pkg = await host.freshPackage();
      const server = await scenario(answers);
      const asked = [];
      patch(globalThis, "fetch", (url, init) => {
        if (!String(url).endsWith(".wasm")) return platform.fetch(url, init);
        asked.push(init);
        return platform.fetch(`${server.endpoint}/module`, { signal: init?.signal });
      });
      return { server, asked };
    }
    const STALL = { stop: { at: "status", how: "stall" } };
    const answered = () => stub(async () => new Response("null"));

    test("the request is aborted once nobody waits for it, and the next call does not wait for the file", async () => {
      const { server, asked } = await stalling(STALL);
      const controller = new AbortController();
      const fetch = answered();
      const calls = [
        remove(where(), { fetch, signal: controller.signal }),
        remove(where(), { fetch, timeout: DEADLINE }),
      ];
      for (const call of calls) call.catch(() => {});
      await server.wait({ held: 1 });
      controller.abort("not wanted");
      const { cause } = await fails(calls[0], { kind: "aborted", outcome: "not_sent" });
      assert.equal(cause, "not wanted");
      assert.isFalse(asked[0].signal.aborted, "one still waits");
      await fails(calls[1], { kind: "timeout", outcome: "not_sent" });
      assert.isTrue(asked[0].signal.aborted);
      await server.wait({ abandoned: 1 });
      assert.lengthOf(fetch.calls, 0);
      // The copy as text comes instead, though the file stalls again.
      await succeeds(remove(where(), { fetch }));
      assert.lengthOf(fetch.calls, 1);
    });

    test("while it stalls, the copy as text is used", async () => {
      const { server } = await stalling(STALL);
      const fetch = answered();
      // What takes ten seconds happens at once.
      const restore = patch(globalThis, "setTimeout", (run, ms) => platform.setTimeout(run, ms === 10_000 ? 0 : ms));
      await succeeds(remove(where(), { fetch, timeout: Infinity }));
      restore();
      assert.lengthOf((await server.log()).requests, 1);
      assert.lengthOf(fetch.calls, 1);
    });

    test("a file that is cut short, another build's, or no module at all: the copy as text is used", async () => {
      const url = host.packageUrl.replace(/[^/]+$/, "node_provider_keys.wasm");
      const bytes = new Uint8Array(await (await platform.fetch(url)).arrayBuffer());
      const other = bytes.slice();
      other[other.length - 1] ^= 1;
      for (const body of [
        bytes.slice(0, 2000),
        bytes.slice(0, -1),
        other,
        new TextEncoder().encode("<!doctype html>"),
      ]) {
        await stalling(fileAnswer(body));
        const fetch = answered();
        await succeeds(remove(where(), { fetch }));
        assert.lengthOf(fetch.calls, 1);
      }
    });
  });

  test("a call of a page without the network settles", async () => {
    for (const [name, call] of CALLS)
      await fails(call({ endpoint: host.refused }), { kind: "network", outcome: "unknown", call: name });
  });

  test("a token is sent only in its header: not in the address, nor in the body", async () => {
    const { bytes } = await keyFile();
    const server = await scenario(fileAnswer(bytes));
    const token = secretToken(40);
    await succeeds(create(server, { token }));
    const {
      requests: [request],
    } = await server.log();
    assert.notInclude(request.path + request.body, token.slice(0, 12));
    assert.equal(request.headers["x-auth-token"], token);
  });
});
