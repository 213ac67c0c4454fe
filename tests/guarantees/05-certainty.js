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
  CALLS,
  stub,
  patch,
  keyFile,
  fileAnswer,
  bytesOf,
  sameBytes,
  DEADLINE,
  never,
} from "./kit.js";

// Each row: cause, how to bring it about (the options of a call, and a scenario or an address), kind, outcome.
// `at` is an address; `answer` a rogue server's answer; `options` are added to the call, made anew for each.
const ROWS = [
  ["an illegal project id", { options: () => ({ projectId: "short" }) }, "invalid_argument", "not_sent"],
  ["an unknown option", { options: () => ({ descripton: "typo" }) }, "invalid_argument", "not_sent"],
  ["an illegal token", { options: () => ({ token: "a\nb" }) }, "invalid_argument", "not_sent"],
  [
    "a provider that throws",
    {
      options: () => ({
        token() {
          throw new Error("no token");
        },
      }),
    },
    "invalid_argument",
    "not_sent",
  ],
  [
    "a provider that throws undefined",
    {
      options: () => ({
        token() {
          throw undefined;
        },
      }),
    },
    "invalid_argument",
    "not_sent",
  ],
  [
    "a provider that rejects",
    { options: () => ({ token: () => Promise.reject(new Error("no token")) }) },
    "invalid_argument",
    "not_sent",
  ],
  ["a provider of an empty token", { options: () => ({ token: () => " " }) }, "invalid_argument", "not_sent"],
  ["a provider of nothing", { options: () => ({ token: async () => undefined }) }, "invalid_argument", "not_sent"],
  ["a fetch that is no function", { options: () => ({ fetch: "fetch" }) }, "invalid_argument", "not_sent"],
  [
    "no fetch",
    {
      options: () => {
        patch(globalThis, "fetch", undefined);
        return {};
      },
    },
    "internal",
    "not_sent",
  ],
  ["a signal aborted before", { options: () => ({ signal: AbortSignal.abort() }) }, "aborted", "not_sent"],
  ["an abort while the provider is asked", { options: abortingProvider }, "aborted", "not_sent"],
  ["a timeout while the provider is asked", { options: () => ({ token: never, timeout: 100 }) }, "timeout", "not_sent"],
  ["a refused connection", { at: () => host.refused }, "network", "unknown"],
  ["a name that does not resolve", { at: () => "https://nowhere.invalid" }, "network", "unknown"],
  // Node says why it sends nothing to such a port; pages are told nothing.
  ["a port that fetch never calls", { at: () => "http://127.0.0.1:1" }, "network", host.page ? "unknown" : "not_sent"],
  [
    "a 421, and a refused connection when the platform sends again",
    { at: () => host.leaving() },
    ["network", "http"],
    "unknown",
  ],
  ["a connection reset when it opens", { at: () => host.resetting }, "network", "unknown"],
  ["a TLS failure", { at: () => host.origins[1].replace("http:", "https:") }, "network", "unknown"],
  ["a reset within the request", { answer: { stop: { at: "request", how: "reset" } } }, "network", "unknown"],
  ["a close without an answer", { answer: { stop: { at: "status", how: "close" } } }, "network", "unknown"],
  ["a reset without an answer", { answer: { stop: { at: "status", how: "reset" } } }, "network", "unknown"],
  [
    "a reset within the status line",
    { answer: { stop: { at: "status", after: 7, how: "reset" } } },
    "network",
    "unknown",
  ],
  [
    "an answer that is no HTTP",
    { answer: { raw: btoa("\0\x01\x02garbage\r\n\r\n") } },
    "network",
    "unknown",
    { lenient: true },
  ],
  [
    "a timeout before the headers",
    { answer: { stop: { at: "status", how: "stall" } }, options: () => ({ timeout: DEADLINE }) },
    "timeout",
    "unknown",
  ],
  [
    "a timeout within the headers",
    { answer: { stop: { at: "headers", after: 10, how: "stall" } }, options: () => ({ timeout: DEADLINE }) },
    "timeout",
    "unknown",
  ],
  [
    "a timeout within a body of 200",
    { answer: { body: "n", length: 100, stop: { at: "end", how: "stall" } }, options: () => ({ timeout: DEADLINE }) },
    "timeout",
    "unknown",
  ],
  [
    "a timeout within a body of 500",
    {
      answer: { status: 500, body: "{", length: 100, stop: { at: "end", how: "stall" } },
      options: () => ({ timeout: DEADLINE }),
    },
    "timeout",
    "unknown",
  ],
  [
    "a timeout within a body of 400",
    {
      answer: { status: 400, body: "{", length: 100, stop: { at: "end", how: "stall" } },
      options: () => ({ timeout: DEADLINE }),
    },
    "timeout",
    "rejected",
    { status: 400 },
  ],
  ["a redirect", { answer: { status: 302, headers: { Location: "/" } } }, "redirect", "unknown"],
  ["a 400 whose body is cut short", { answer: { status: 400, body: '{"code":', length: 100 } }, "http", "rejected"],
  ["a 500 whose body is cut short", { answer: { status: 500, body: '{"code":', length: 100 } }, "http", "unknown"],
  [
    "a 200 with HTML",
    { answer: { body: "<!doctype html><title>Sign in</title>", headers: { "Content-Type": "text/html" } } },
    "unexpected_response",
    "unknown",
  ],
  ["a 200 cut short", { answer: { body: '{"x":', length: 100 } }, "unexpected_response", "unknown"],
  // Node 20 at times never tells that it could not decode a body: then the deadline does.
  [
    "a 200 in an encoding that is broken",
    { answer: { body: "not gzip", headers: { "Content-Encoding": "gzip" } }, options: () => ({ timeout: 2000 }) },
    ["unexpected_response", "network", "timeout"],
    "unknown",
  ],
  ...[
    400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 422, 423, 424, 425, 426, 428,
    429, 431, 451, 499,
  ].map((status) => [`a ${status}`, { answer: { status, body: "{}" } }, "http", "rejected", { status }]),
  // Platforms send a request again after this one, and a second time they may fail on their own account.
  ["a 421", { answer: { status: 421, body: "{}" } }, ["http", "network"], "unknown"],
  // Platforms take this one for a proxy's and do not show it.
  ["a 407", { answer: { status: 407, body: "{}" } }, ["http", "network"], ["rejected", "unknown"]],
  ...[408, 500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 599].map((status) => [
    `a ${status}`,
    { answer: { status, body: "{}" } },
    "http",
    "unknown",
    { status },
  ]),
];

function abortingProvider() {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    token: () => {
      controller.abort();
      return never();
    },
  };
}

describe("5. What is certain is said", () => {
  for (const [
    cause,
    { at, answer = { body: "null" }, options = () => ({}) },
    kind,
    outcome,
    { status, lenient } = {},
  ] of ROWS) {
    for (const [name, call] of CALLS) {
      test(`${cause}: ${[kind].flat().join(" or ")}/${[outcome].flat().join(" or ")}: ${name}`, async () => {
        // A browser may take text that is no HTTP for HTTP/0.9.
        const server = at ? { endpoint: await at() } : await scenario(answer);
        const error = await fails(call(server, { timeout: 15_000, ...options() }), {
          kind: lenient && host.page ? [kind, "unexpected_response"] : kind,
          outcome,
          call: name,
        });
        if (status !== undefined) assert.equal(error.status, status);
        if (!at && outcome === "not_sent") assert.lengthOf((await server.log()).requests, 0, "requests at the server");
      });
    }
  }

  if (!host.page) {
    test("a refused connection of a name with two addresses: network/unknown", async () => {
      await fails(create({ endpoint: host.refused.replace("127.0.0.1", "localhost") }), {
        kind: "network",
        outcome: "unknown",
        call: "create",
      });
    });
  }

  for (const code of [
    "ECONNREFUSED",
    "ENOTFOUND",
    "ConnectionRefused",
    "ERR_ACCESS_DENIED",
    "NotCapable",
    "bad port",
  ]) {
    test(`a global fetch that somebody replaced, which sends, sends again, and fails with ${code}: unknown`, async () => {
      const server = await scenario({ stop: { at: "status", how: "reset" } });
      patch(globalThis, "fetch", async (url, init) => {
        await platform.fetch(url, init).catch(() => {});
        const cause = Object.assign(new Error(code), { code });
        throw Object.assign(new TypeError("fetch failed", { cause }), { code, name: code });
      });
      await fails(create(server), { kind: "network", outcome: "unknown", call: "create" });
      assert.lengthOf((await server.log()).requests, 1);
    });
  }

  test("a fetch of the caller's that throws at once has perhaps sent: unknown", async () => {
    const fetch = stub(() => {
      throw new Error("after sending");
    });
    await fails(create({ endpoint: host.origins[1] }, { fetch }), {
      kind: ["network", "internal"],
      outcome: "unknown",
      call: "create",
    });
  });

  test("a fetch of the caller's that meets a redirect, or follows it all the same: redirect/unknown, with the file that came", async () => {
    const { bytes } = await keyFile();
    const answers = (response, members) => stub(async () => Object.defineProperties(response, members));
    const called = (fetch) =>
      fails(create({ endpoint: host.origins[1] }, { fetch }), { kind: "redirect", outcome: "unknown", call: "create" });
    const { status } = await called(answers(Response.error(), { type: { value: "opaqueredirect" } }));
    assert.isUndefined(status, "a status that the platform hides");
    const { file } = await called(answers(new Response(bytes), { redirected: { value: true } }));
    sameBytes(await bytesOf(file), bytes);
  });

  test("a redirect is told without its body, which may never end", async () => {
    const fetch = stub(async () => new Response(new ReadableStream(), { status: 302 }));
    await fails(create({ endpoint: host.origins[1] }, { fetch, timeout: DEADLINE }), {
      kind: "redirect",
      outcome: "unknown",
      call: "create",
    });
  });

  test("what a platform's error says, and the one beneath it, is told in one line", async () => {
    const fetch = stub(() => {
      throw new TypeError("fetch failed", { cause: new Error("no route to the host") });
    });
    const { cause } = await fails(create({ endpoint: host.origins[1] }, { fetch }), {
      kind: "network",
      outcome: "unknown",
      call: "create",
    });
    assert.equal(cause.message, "fetch failed: no route to the host");
  });

  test("an answer of status 0 or of type error is no answer: unknown", async () => {
    await fails(create({ endpoint: host.origins[1] }, { fetch: stub(async () => Response.error()) }), {
      kind: ["network", "unexpected_response"],
      outcome: "unknown",
      call: "create",
    });
  });

  test("an abort after sending: aborted/unknown, and the server sees the connection end", async () => {
    for (const call of [create, remove]) {
      for (const stop of [
        { at: "status", how: "stall" },
        { at: "body", after: 5, how: "stall" },
      ]) {
        const server = await scenario({ body: "0123456789", stop });
        const controller = new AbortController();
        const pending = call(server, { signal: controller.signal });
        await server.wait({ held: 1 });
        controller.abort();
        await fails(pending, { kind: "aborted", outcome: "unknown", call: call === create ? "create" : "delete" });
        await server.wait({ abandoned: 1 });
      }
    }
  });

  test("a timeout ends the connection too", async () => {
    const server = await scenario({ stop: { at: "status", how: "stall" } });
    await fails(create(server, { timeout: DEADLINE }), { kind: "timeout", outcome: "unknown", call: "create" });
    await server.wait({ abandoned: 1 });
  });

  for (const status of [201, 202, 203, 206, 226, 299]) {
    test(`another success, ${status}, with a whole key file never loses its bytes`, async () => {
      const { bytes } = await keyFile();
      const server = await scenario(fileAnswer(bytes, { status }));
      const file = await create(server).catch((error) => {
        assert.equal(`${error.kind}/${error.outcome}`, "unexpected_response/unknown");
        return error.file;
      });
      assert.deepEqual([...new Uint8Array(await file.arrayBuffer())], [...bytes]);
    });
  }

  for (const status of [200, 204, 205]) {
    test(`a ${status} without a body is no key file`, async () => {
      await fails(create(await scenario({ status })), {
        kind: "unexpected_response",
        outcome: "unknown",
        call: "create",
      });
    });
  }

  for (const [what, answer] of Object.entries({
    null: { body: "null" },
    "an empty body": {},
    "a 204": { status: 204 },
    "a 205": { status: 205 },
    "an object": { body: '{"a":[1,2,{"b":null}]}' },
    true: { body: "true" },
    "a number": { body: " 12.5e3\n" },
    "text in quotes": { body: '"done"' },
    "an empty array": { body: "[]" },
    "another type": { body: "null", headers: { "Content-Type": "text/plain" } },
    chunks: { body: "null", framing: "chunked", chunk: 1 },
    gzip: { body: "null", encoding: "gzip" },
    "a 202": { status: 202, body: "null" },
    "no length": { body: "null", framing: "close" },
  })) {
    test(`delete succeeds on ${what}`, async () => {
      assert.isUndefined(await succeeds(remove(await scenario(answer))));
    });
  }

  for (const [what, answer] of Object.entries({
    HTML: { body: "<html>Sign in</html>" },
    "broken JSON": { body: '{"a":' },
    "two values": { body: "null null" },
    text: { body: "OK" },
    "a ZIP": { base64: "UEsDBA==" },
  })) {
    test(`delete takes ${what} with status 200 for unexpected_response/unknown`, async () => {
      await fails(remove(await scenario(answer)), { kind: "unexpected_response", outcome: "unknown" });
    });
  }

  const bodies = {
    "the contract's four fields": [
      {
        body: '{"code":400,"error_code":"BCS.03400001","error_msg":"Invalid request.","message":"unmarshal request data error"}',
      },
      { code: "400", errorCode: "BCS.03400001", errorMsg: "Invalid request.", detail: "unmarshal request data error" },
    ],
    "code as text": [
      { body: '{"code":"400","error_code":"BCS.03400001","error_msg":"Invalid request.","message":""}' },
      { code: "400", errorCode: "BCS.03400001", errorMsg: "Invalid request.", detail: "" },
    ],
    "the gateway's shape": [
      {
        body: '{"error_msg":"The API does not exist","error_code":"APIGW.0101","request_id":"b1946ac92492d2347c6235b4d2611184"}',
      },
      { errorCode: "APIGW.0101", errorMsg: "The API does not exist", requestId: "b1946ac92492d2347c6235b4d2611184" },
    ],
    "the gateway's shape and the header": [
      {
        body: '{"error_msg":"x","error_code":"APIGW.0301","request_id":"from-the-body"}',
        headers: { "X-Request-Id": "from-the-header" },
      },
      { errorCode: "APIGW.0301", requestId: "from-the-header" },
    ],
    "IAM's shape": [
      {
        body: '{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}',
      },
      { code: "401" },
    ],
    "camel case": [{ body: '{"errorCode":"X.1","errorMsg":"told"}' }, { errorCode: "X.1", errorMsg: "told" }],
    HTML: [{ body: "<html><h1>413</h1></html>", headers: { "Content-Type": "text/html" } }, {}],
    "an empty body": [{}, { code: undefined, detail: undefined }],
    null: [{ body: "null" }, {}],
    "an array": [{ body: "[1]" }, {}],
    "a number": [{ body: "1" }, {}],
    "a byte order mark": [{ body: '\ufeff{"code":400,"message":"x"}' }, {}],
    "broken UTF-8": [{ base64: btoa('{"message":"\xff\xfe"}') }, {}],
    "deep JSON": [{ body: "[".repeat(20_000) + "]".repeat(20_000) }, {}],
    "fields of other types": [{ body: '{"code":{},"error_code":[],"error_msg":1,"message":true,"request_id":{}}' }, {}],
    "a huge number as code": [{ body: '{"code":1e400,"message":"x"}' }, {}],
  };
  for (const [what, [answer, expected]] of Object.entries(bodies)) {
    test(`an error body is read: ${what}`, async () => {
      for (const [name, call] of CALLS) {
        const error = await fails(call(await scenario({ status: 400, ...answer })), {
          kind: "http",
          outcome: "rejected",
          call: name,
        });
        assert.equal(error.status, 400);
        for (const [field, value] of Object.entries(expected)) assert.strictEqual(error[field], value, field);
      }
    });
  }

  test("the error body's text reaches the reader of IAM's shape", async () => {
    const error = await fails(create(await scenario({ status: 401, body: bodies["IAM's shape"][0].body })), {
      kind: "http",
      outcome: "rejected",
    });
    assert.include([error.detail, error.errorMsg], "The request you have made requires authentication.");
  });
});
