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
