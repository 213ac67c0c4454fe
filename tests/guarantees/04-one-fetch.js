import {
  assert,
  host,
  platform,
  test,
  scenario,
  fails,
  succeeds,
  create,
  counted,
  keyFile,
  fileAnswer,
  patch,
  bytesOf,
  sameBytes,
  stub,
  DEADLINE,
  assertUnknownOption,
} from "./kit.js";

describe("4. Create is one fetch", () => {
  const answers = {
    "a 400": { status: 400, body: "{}" },
    "a 401 with a fixed token": { status: 401, body: "{}" },
    "a 404": { status: 404 },
    "a 409": { status: 409 },
    "a 425": { status: 425 },
    "a 429 that says when to come back": { status: 429, headers: { "Retry-After": "0" } },
    "a 500": { status: 500 },
    "a 502": { status: 502 },
    "a 503 that says when to come back": { status: 503, headers: { "Retry-After": "0" } },
    "a 504": { status: 504 },
    "a redirect": { status: 307, headers: { Location: "/s/{{id}}/again" } },
    "a reset before the answer": { stop: { at: "status", how: "reset" } },
    "a close before the answer": { stop: { at: "status", how: "close" } },
    "a reset within the headers": { stop: { at: "headers", after: 20, how: "reset" } },
    "a file cut short": { base64: "UEsDBA==", length: 100 },
    "an empty answer": {},
    "a broken chunk": {
      raw: btoa("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nAccess-Control-Allow-Origin: *\r\n\r\nxyz\r\n"),
    },
    "no HTTP at all": { raw: btoa("SSH-2.0-OpenSSH\r\n") },
    "a stall": { stop: { at: "status", how: "stall" } },
    "a 200 with HTML": { body: "<p>login</p>", headers: { "Content-Type": "text/html" } },
  };
  for (const [what, answer] of Object.entries(answers)) {
    test(`${what} is not repeated, counted at fetch and at the server`, async () => {
      const { bytes } = await keyFile();
      const server = await scenario([answer, fileAnswer(bytes)]);
      const fetch = counted();
      await fails(create(server, { fetch, timeout: what === "a stall" ? DEADLINE : 10_000 }), { call: "create" });
      assert.lengthOf(fetch.calls, 1, "calls of fetch");
      assert.lengthOf(
        (await server.log()).requests.filter(({ method }) => method === "POST"),
        1,
        "POSTs at the server",
      );
    });
  }

  test("one that works is one fetch, and only the given fetch is called", async () => {
    const { bytes } = await keyFile();
    const server = await scenario(fileAnswer(bytes));
    const fetch = counted();
    const globalFetch = stub(({ input, init }) => platform.fetch(input, init));
    patch(globalThis, "fetch", globalFetch);
    await succeeds(create(server, { fetch }));
    assert.lengthOf(fetch.calls, 1);
    assert.lengthOf(globalFetch.calls, 0);
    assert.lengthOf((await server.log()).requests, 1);
  });

  test("without a fetch of its own it calls the global one of that moment, once", async () => {
    const { bytes } = await keyFile();
    const server = await scenario(fileAnswer(bytes));
    const globalFetch = stub(({ input, init }) => platform.fetch(input, init));
    patch(globalThis, "fetch", globalFetch);
    await succeeds(create(server));
    assert.lengthOf(globalFetch.calls, 1);
    assert.lengthOf((await server.log()).requests, 1);
  });

  test("two calls are two keys, with equal options and at the same time", async () => {
    const [first, second] = [await keyFile(), await keyFile()];
    const server = await scenario([fileAnswer(first.bytes), fileAnswer(second.bytes)]);
    const options = { fetch: counted(), description: "same", token: "same" };
    const files = await Promise.all([create(server, options), create(server, options)]);
    assert.lengthOf(options.fetch.calls, 2);
    assert.lengthOf((await server.log()).requests, 2);
    const got = await Promise.all(files.map(bytesOf));
    const expected = [first.bytes, second.bytes];
    if (got[0].join() !== expected[0].join()) expected.reverse();
    sameBytes(got[0], expected[0]);
    sameBytes(got[1], expected[1]);
  });

  test("`retries` is no option of create: a call that asks for it sends nothing", async () => {
    const fetch = stub(() => new Response("null"));
    const error = await fails(create({ endpoint: host.origins[1] }, { fetch, retries: 3 }), {
      kind: "invalid_argument",
      outcome: "not_sent",
    });
    assertUnknownOption(error, "retries");
    assert.lengthOf(fetch.calls, 0);
  });

  for (const [what, options, body] of [
    ["no description", {}, "{}"],
    ["an undefined description", { description: undefined }, "{}"],
    ["an empty description", { description: "" }, '{"description":""}'],
    ["a description", { description: "For test" }, '{"description":"For test"}'],
  ]) {
    test(`the body sent with ${what} is ${body}`, async () => {
      const { bytes } = await keyFile();
      const server = await scenario(fileAnswer(bytes));
      await succeeds(create(server, options));
      assert.deepEqual(JSON.parse((await server.log()).requests[0].body), JSON.parse(body));
    });
  }

  test("a description arrives as it was given, whatever its characters", async () => {
    const { bytes } = await keyFile();
    for (const description of [
      'quotes " and \\ and \u2028',
      "\0\x01\x1f",
      "\u{1f511}".repeat(100),
      "z\u0301ł漢",
      "__proto__",
      " \t ",
    ]) {
      const server = await scenario(fileAnswer(bytes));
      await succeeds(create(server, { description }));
      assert.deepEqual(JSON.parse((await server.log()).requests[0].body), { description });
    }
  });
});
