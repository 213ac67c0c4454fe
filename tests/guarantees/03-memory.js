import {
  assert,
  host,
  test,
  scenario,
  fails,
  succeeds,
  create,
  remove,
  secretToken,
  secretText,
  currentSecrets,
  keyFile,
  fileAnswer,
  deferred,
  stub,
  bytesOf,
  CREDENTIAL,
} from "./kit.js";
import { captured, secretsInMemory } from "./memory.js";

function assertClean() {
  assert.isNotEmpty(captured(), "no WebAssembly.Memory was seen, so nothing was searched");
  const found = secretsInMemory(currentSecrets());
  assert.isEmpty(found, found.join("; "));
}

describe("3. No secret in linear memory", () => {
  for (const length of [40, 4096, 65_535]) {
    test(`none after calls with a token of ${length} characters`, async () => {
      const { bytes } = await keyFile();
      const token = secretToken(length);
      await succeeds(create(await scenario(fileAnswer(bytes)), { token }));
      await succeeds(remove(await scenario({ body: "null" }), { token }));
      await fails(
        create(await scenario({ status: 400, body: '{"message":"{{token}}","error_msg":"{{token:0:30}}"}' }), {
          token,
        }),
        { kind: "http" },
      );
      await fails(
        create(await scenario({ status: 500, body: "{{token}}", headers: { "X-Request-Id": "{{token:0:30}}" } }), {
          token,
        }),
        { kind: "http" },
      );
      assertClean();
    });
  }

  test("none while a call waits for its answer", async () => {
    const server = await scenario({ stop: { at: "status", how: "hold" }, status: 400 });
    const calls = [create(server), remove(server)];
    for (const call of calls) call.catch(() => {});
    await server.wait({ held: 2 });
    assertClean();
    await server.release();
    await Promise.all(calls.map((call) => fails(call, { kind: "http" })));
    assertClean();
  });

  test("none while the key file is arriving, and after it has", async () => {
    const { bytes } = await keyFile();
    const server = await scenario(fileAnswer(bytes, { stop: { at: "body", after: bytes.length - 10, how: "hold" } }));
    const call = create(server);
    call.catch(() => {});
    await server.wait({ held: 1 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    assertClean();
    await server.release();
    await succeeds(call);
    assertClean();
  });

  test("none while a token provider is asked, nor after it gave an illegal token", async () => {
    const provided = deferred();
    const call = create({ endpoint: host.origins[1] }, { token: () => provided.promise });
    assertClean();
    provided.resolve(`${secretToken()}\n${secretText(100)}`);
    await fails(call, { kind: "invalid_argument", outcome: "not_sent" });
    assertClean();
  });

  test("none after a broken key file, a compressed one, and one that is read", async () => {
    const { bytes } = await keyFile();
    await fails(create(await scenario(fileAnswer(bytes.slice(0, -25)))), { kind: "unexpected_response" });
    const packed = await keyFile({ deflate: true });
    const file = await succeeds(create(await scenario(fileAnswer(packed.bytes, { framing: "chunked", chunk: 7 }))));
    const rows = await succeeds(host.pkg.readCredentials(file));
    assert.equal(rows[0]["API Key"], packed.secret);
    await succeeds(host.pkg.readCredentials(new Blob([bytes])));
    assert.isNotEmpty(await bytesOf(file));
    assertClean();
  });

  test("none after illegal options, a fetch that quotes the token, and a token refreshed", async () => {
    const endpoint = host.origins[1];
    await fails(create({ endpoint }, { projectId: secretToken() }), { kind: "invalid_argument" });
    await fails(create({ endpoint }, { token: `${secretToken()}\r\n${"x".repeat(70_000)}` }), {
      kind: "invalid_argument",
    });
    await fails(remove({ endpoint }, { credentialId: `${secretToken()}/${CREDENTIAL}` }), { kind: "invalid_argument" });
    const fetch = stub(({ get }) => Promise.reject(new Error(new Headers(get("headers")).get("x-auth-token"))));
    await fails(create({ endpoint }, { fetch }), { outcome: "unknown" });
    const tokens = [secretToken(), secretToken()];
    await fails(
      create(await scenario({ status: 401, body: '{"message":"{{token}}"}' }), { token: () => tokens.shift() }),
      { kind: "http" },
    );
    assertClean();
  });

  for (const name of [
    "projectId",
    "credentialId",
    "description",
    "endpoint",
    "token",
    "timeout",
    "signal",
    "fetch",
    "retries",
    "maxFileBytes",
    "maxErrorBytes",
    "an option of its own",
  ]) {
    test(`none of a token given as ${name} by mistake, right after the call began and right after it ended`, async () => {
      for (const length of [31, 40, 3000, 70_000]) {
        const secret = secretToken(length);
        const wrong = name === "token" ? `${secret}\n${secret}` : secret;
        const more = {
          fetch: stub(async () => new Response("null")),
          [name === "an option of its own" ? secret : name]: wrong,
        };
        const call = name === "description" ? create : remove;
        const pending = call({ endpoint: host.origins[1] }, more);
        assertClean();
        await pending.catch(assertClean);
        assertClean();
      }
    });
  }

  test("a secret put there on purpose is found, in each form", async () => {
    assert.isNotEmpty(captured(), "no WebAssembly.Memory was seen");
    const [memory] = captured();
    const secret = secretToken();
    const part = secret.slice(1000, 1016);
    const forms = { "Latin-1": new TextEncoder().encode(part), "UTF-16": Uint8Array.from(part.slice(0, 8), (c) => c) };
    forms["UTF-16"] = new Uint8Array(16);
    for (let at = 0; at < 8; at += 1) forms["UTF-16"][at * 2] = part.charCodeAt(at);
    for (const [form, planted] of Object.entries(forms)) {
      const place = new Uint8Array(memory.buffer, memory.buffer.byteLength - 101, 16);
      const before = place.slice();
      place.set(planted);
      try {
        assert.isTrue(
          secretsInMemory([secret]).some((found) => found.includes(form)),
          form,
        );
      } finally {
        place.set(before);
      }
    }
    assert.deepEqual(secretsInMemory([secret]), []);
  });

  test("none after signing in, and none while a session renews its token", async () => {
    const passcode = { userId: "0".repeat(32), code: () => "314159" };
    const options = { account: "acme", user: "alice", project: "ap-southeast-3", passcode };
    const document = {
      token: {
        project: { id: "0".repeat(32) },
        issued_at: "2026-01-01T00:00:00Z",
        expires_at: "2026-01-01T00:00:00.002Z",
      },
    };
    const answer = () =>
      new Response(JSON.stringify(document), { status: 201, headers: { "X-Subject-Token": secretToken() } });
    const enter = (password, fetch) =>
      host.signIn({ ...options, endpoint: host.origins[1], password, fetch: stub(fetch) });
    const session = await succeeds(
      enter(
        async () => secretText(40),
        async () => answer(),
      ),
    );
    await session.token();
    await fails(create(await scenario({ status: 400, body: "{}" }), { token: session.token }), { kind: "http" });
    const password = secretText(40);
    const refused = new Response(JSON.stringify({ error: { message: password } }), { status: 401 });
    await fails(
      enter(password, async () => refused),
      { kind: "http" },
    );
    assertClean();
  });
});
