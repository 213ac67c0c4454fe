import {
  assert,
  host,
  test,
  scenario,
  fails,
  succeeds,
  create,
  CALLS,
  counted,
  stub,
  keyFile,
  fileAnswer,
  remove,
} from "./kit.js";

describe("1. The token never leaves its origin", () => {
  for (const status of [301, 302, 303, 307, 308]) {
    for (const [target, location] of [
      ["the same origin", "{{self}}/s/{{id}}/elsewhere"],
      ["another origin", "{{other}}/s/{{id}}/elsewhere"],
    ]) {
      for (const [name, call] of CALLS) {
        test(`a ${status} to ${target} is not followed: ${name}`, async () => {
          const server = await scenario([{ status, headers: { Location: location } }, { body: "followed" }]);
          const error = await fails(call(server), { kind: "redirect", outcome: "unknown", call: name });
          assert.include([status, 0, undefined], error.status, "the status, where the platform tells it");
          const { requests, preflights } = await server.log();
          assert.lengthOf(requests, 1, "requests at both origins together");
          assert.equal(requests[0].port, 1);
          assert.lengthOf(preflights, host.page ? 1 : 0, "preflights at both origins together");
        });
      }
    }
    test(`a ${status} that the platform hides sends no token on either`, async () => {
      const server = await scenario([
        { status, headers: { Location: "{{other}}/s/{{id}}/elsewhere" }, cors: false },
        { body: "followed" },
      ]);
      await fails(create(server), { kind: host.page ? "network" : "redirect", outcome: "unknown", call: "create" });
      assert.lengthOf((await server.log()).requests, 1);
    });
  }

  for (const [what, answer] of [
    ["without a Location", { status: 302 }],
    ["to a relative address", { status: 307, headers: { Location: "elsewhere" } }],
    ["to a data: address", { status: 302, headers: { Location: "data:text/plain,followed" } }],
    ["with a body that is a whole key file", null],
  ]) {
    test(`a redirect ${what} is a redirect too`, async () => {
      const { bytes } = await keyFile();
      const server = await scenario([
        answer ?? fileAnswer(bytes, { status: 302, headers: { Location: "/s/{{id}}/elsewhere" } }),
        { body: "followed" },
      ]);
      await fails(create(server), { kind: "redirect", outcome: "unknown", call: "create" });
      assert.lengthOf((await server.log()).requests, 1);
    });
  }

  test("a redirect to no legal address is a redirect too, where the platform shows it", async () => {
    const server = await scenario([{ status: 302, headers: { Location: "http://[" } }, { body: "followed" }]);
    await fails(create(server), {
      kind: host.page ? ["redirect", "network"] : "redirect",
      outcome: "unknown",
      call: "create",
    });
    assert.lengthOf((await server.log()).requests, 1);
  });

  for (const status of [300, 304, 305, 306]) {
    test(`a ${status} is a redirect too`, async () => {
      const server = await scenario({ status });
      await fails(create(server), { kind: "redirect", outcome: "unknown", call: "create" });
    });
  }

  for (const [name, call] of CALLS) {
    test(`fetch is told to follow nothing, send no cookie, keep nothing and name no referrer: ${name}`, async () => {
      const { bytes } = await keyFile();
      const server = await scenario(name === "create" ? fileAnswer(bytes) : { body: "null" });
      const fetch = counted();
      await succeeds(call(server, { fetch }));
      assert.lengthOf(fetch.calls, 1);
      const [sent] = fetch.calls;
      assert.include(["manual", "error"], sent.get("redirect"));
      assert.equal(sent.get("credentials"), "omit");
      assert.equal(sent.get("cache"), "no-store");
      assert.equal(sent.get("referrerPolicy"), "no-referrer");
    });

    test(`the server sees no cookie, no referrer, and the method and path of the contract: ${name}`, async () => {
      if (host.page) document.cookie = "session=npk; path=/";
      const { bytes } = await keyFile();
      const server = await scenario(name === "create" ? fileAnswer(bytes) : { body: "null" }, { origin: 0 });
      await succeeds(call(server));
      const {
        requests: [request],
      } = await server.log();
      assert.notProperty(request.headers, "cookie");
      assert.notProperty(request.headers, "referer");
      const path = `/s/${server.id}/v1/0123456789abcdef0123456789abcdef/node-provider/credentials`;
      assert.equal(
        `${request.method} ${request.path}`,
        name === "create" ? `POST ${path}` : `DELETE ${path}/01234567-89ab-cdef-0123-456789abcdef`,
      );
      assert.equal(request.headers["content-type"]?.split(";")[0], name === "create" ? "application/json" : undefined);
    });
  }

  test("the token arrives unaltered but for white space at its ends", async () => {
    const { bytes } = await keyFile();
    const server = await scenario(fileAnswer(bytes));
    const token = "inner  spaces and !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ stay";
    await succeeds(create(server, { token: ` \t\r\n${token}\n ` }));
    assert.equal((await server.log()).requests[0].headers["x-auth-token"], token);
  });

  for (const endpoint of [
    "http://example.com",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "http://127.0.0.1@example.com",
    "http://example.com#127.0.0.1",
    "http://localhost:80@example.com",
    "http://10.0.0.1",
    "http://[2001:db8::1]",
    "http://128.0.0.1",
    "ftp://127.0.0.1",
    "ws://127.0.0.1",
    "file:///tmp",
    "data:text/plain,x",
    "blob:http://127.0.0.1/x",
    "javascript:1",
    "//example.com",
    "\\\\example.com",
    "http:\\\\example.com",
  ]) {
    test(`nothing is sent to ${endpoint}: only https, and http to a loopback address`, async () => {
      const fetch = stub(() => new Response("null"));
      await fails(remove({ endpoint }, { fetch }), { kind: "invalid_argument", outcome: "not_sent" });
      assert.lengthOf(fetch.calls, 0);
    });
  }

  for (const endpoint of [
    "https://bcs.ap-southeast-3.myhuaweicloud.com",
    "http://localhost:8080",
    "http://127.0.0.1:1",
    "http://127.9.9.9",
    "http://[::1]:8080/nes",
    "HTTPS://EXAMPLE.com/",
  ]) {
    test(`${endpoint} is a legal endpoint`, async () => {
      const fetch = stub(() => new Response("null"));
      await succeeds(remove({ endpoint }, { fetch }));
      const path = `${new URL(endpoint).href.replace(/\/$/, "")}/v1/0123456789abcdef0123456789abcdef/node-provider/credentials/01234567-89ab-cdef-0123-456789abcdef`;
      assert.equal(new URL(fetch.calls[0].url).href, path);
    });
  }

  test("a URL object changed after the call changes nothing", async () => {
    const fetch = stub(() => new Response("null"));
    const endpoint = new URL("https://one.example/");
    const call = remove({ endpoint }, { fetch });
    endpoint.host = "two.example";
    await succeeds(call);
    assert.equal(new URL(fetch.calls[0].url).host, "one.example");
  });

  test("an object that gives another address each time it is read is read once", async () => {
    const fetch = stub(() => new Response("null"));
    let reads = 0;
    const endpoint = {
      toString: () => ["https://one.example/", "http://two.example/"][reads++] ?? "http://three.example/",
    };
    await remove({ endpoint }, { fetch }).catch((error) => assert.equal(error.kind, "invalid_argument"));
    for (const { url } of fetch.calls) assert.equal(new URL(url).host, "one.example");
  });

  test("a URL class with a poisoned href cannot turn the token elsewhere", async () => {
    const fetch = stub(() => new Response("null"));
    const endpoint = new URL("https://one.example/");
    Object.defineProperty(endpoint, "href", { value: "http://two.example/" });
    Object.defineProperty(endpoint, "toString", { value: () => "http://two.example/" });
    await remove({ endpoint }, { fetch }).catch((error) => assert.equal(error.kind, "invalid_argument"));
    for (const { url } of fetch.calls) assert.equal(new URL(url).host, "one.example");
  });
});
