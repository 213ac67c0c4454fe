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
  stub,
  onEnd,
  keyFile,
  fileAnswer,
  bytesOf,
  sameBytes,
  secretToken,
  to,
  CREDENTIAL,
  assertUnknownOption,
} from "./kit.js";

const OPTIONS = [
  "endpoint",
  "projectId",
  "token",
  "signal",
  "timeout",
  "fetch",
  "description",
  "credentialId",
  "retries",
  "maxFileBytes",
  "maxErrorBytes",
];
const INIT = [
  "method",
  "headers",
  "body",
  "mode",
  "credentials",
  "cache",
  "redirect",
  "referrer",
  "referrerPolicy",
  "integrity",
  "keepalive",
  "priority",
  "duplex",
  "window",
  "dispatcher",
  "cf",
  "agent",
  "client",
  "proxy",
  "tls",
];
const DESCRIPTOR = ["get", "set", "value", "writable", "enumerable", "configurable"];
const ANSWER = [
  "code",
  "error_code",
  "error_msg",
  "message",
  "request_id",
  "error",
  "errorCode",
  "errorMsg",
  "title",
  "status",
  "name",
  "cause",
  "kind",
  "outcome",
  "detail",
  "requestId",
  "issues",
  "file",
  "type",
  "url",
  "done",
  "stack",
];
const OTHER = [
  "toJSON",
  "once",
  "capture",
  "passive",
  "reason",
  "aborted",
  "handleEvent",
  "env",
  "wbg",
  "module_or_path",
  "default",
];

/** Pollutes Object.prototype while `run` is under way. */
async function polluted(name, value, run) {
  const had = Object.getOwnPropertyDescriptor(Object.prototype, name);
  // Without a prototype, so that a polluted "get" cannot spoil our own definition.
  const define = (descriptor) =>
    Reflect.defineProperty(Object.prototype, name, Object.assign(Object.create(null), descriptor));
  const undo = () => {
    Reflect.deleteProperty(Object.prototype, name);
    if (had) define(had);
  };
  onEnd(undo);
  define({ value, writable: true, enumerable: true, configurable: true });
  try {
    return await run();
  } finally {
    undo();
  }
}

const settle = (call) =>
  call.then(
    (value) => ({ value }),
    (error) => ({ error }),
  );

/** Whether the platform's own fetch still works under this pollution: what it cannot do, no client of it can. */
async function platformWorks(name, value, server) {
  return polluted(name, value, async () => {
    const init = Object.assign(Object.create(null), {
      method: "POST",
      headers: new Headers([["content-type", "application/json"]]),
      body: "{}",
      mode: "cors",
      credentials: "omit",
      cache: "no-store",
      redirect: "manual",
      referrer: "",
      referrerPolicy: "no-referrer",
      signal: new AbortController().signal,
    });
    const response = await platform.fetch(`${server.endpoint}/raw`, init);
    const { value: piece } = await response.body.getReader().read();
    return response.status === 200 && response.headers.get("content-length") === "4" && piece.length === 4;
  }).catch(() => false);
}

describe("12. Prototype safety", () => {
  for (const name of [...OPTIONS, ...INIT, ...ANSWER, ...OTHER]) {
    for (const [what, value] of Object.entries({
      "a text": "polluted",
      "a function": function () {
        return "polluted";
      },
    })) {
      test(`Object.prototype.${name} as ${what} changes nothing`, async () => {
        const { bytes } = await keyFile();
        const [good, gone, bad, probe] = await Promise.all([
          scenario(fileAnswer(bytes)),
          scenario({ body: "null" }),
          scenario({ status: 400, body: "{}" }),
          scenario({ body: "null" }),
        ]);
        const token = secretToken();
        const works = await platformWorks(name, value, probe);
        const options = (server, more) => ({
          endpoint: server.endpoint,
          projectId: "0123456789abcdef0123456789abcdef",
          token,
          ...more,
        });
        const given = [
          options(good, { description: "For test" }),
          options(gone, { credentialId: CREDENTIAL }),
          options(bad, {}),
        ];
        const results = await polluted(name, value, async () => {
          // In turn, so that a failure tells which.
          const first = await settle(host.pkg.createApiKey(given[0]));
          const second = await settle(host.pkg.deleteApiKey(given[1]));
          const third = await settle(host.pkg.createApiKey(given[2]));
          return [first, second, third];
        });
        const [created, deleted, refused] = results;
        if (!works) {
          for (const { error } of results) if (error !== undefined) await fails(Promise.reject(error), {});
          return;
        }
        if (created.error) throw created.error;
        sameBytes(await bytesOf(created.value), bytes);
        assert.equal(created.value.name, "node-provider-key.zip");
        if (deleted.error) throw deleted.error;
        const error = await fails(Promise.reject(refused.error), { kind: "http", outcome: "rejected" });
        for (const field of ["code", "errorCode", "errorMsg", "detail", "requestId", "issues", "file"]) {
          assert.isUndefined(error[field], field);
        }
        const {
          requests: [request],
        } = await good.log();
        assert.deepEqual(
          [request.method, request.body, request.headers["x-auth-token"]],
          ["POST", '{"description":"For test"}', token],
        );
        const {
          requests: [deletion],
        } = await gone.log();
        assert.deepEqual([deletion.method, deletion.body], ["DELETE", ""]);
        assert.equal((await bad.log()).requests[0].body, "{}");
      });
    }
  }

  // Platforms themselves trip over many of these in a real exchange, so here nothing but the package runs meanwhile.
  for (const name of [...OPTIONS, ...INIT, ...ANSWER, ...OTHER, ...DESCRIPTOR]) {
    for (const [what, value] of Object.entries({
      "a text": "polluted",
      "a function": function () {
        return "polluted";
      },
    })) {
      test(`Object.prototype.${name} as ${what} changes nothing, the platform's own troubles apart`, async () => {
        const { bytes } = await keyFile();
        const answers = [
          new Response(bytes),
          new Response(null, { status: 204 }),
          new Response('{"code":400}', { status: 400 }),
        ];
        const fetch = stub(() => Promise.resolve(answers.shift()));
        const token = secretToken();
        const options = (more) => ({
          endpoint: host.origins[1],
          projectId: "0123456789abcdef0123456789abcdef",
          token,
          fetch,
          ...more,
        });
        const given = [options({ description: "For test" }), options({ credentialId: CREDENTIAL }), options({})];
        const probe = new Response("null").body.getReader();
        const empty = new Response(null, { status: 204 });
        const results = await polluted(name, value, async () => {
          const works = await probe
            .read()
            .then(() => empty.arrayBuffer())
            .then(
              () =>
                new File([], "probe") &&
                Object.defineProperty({}, "probe", Object.assign(Object.create(null), { value: 1 })),
            )
            .then(
              () => true,
              () => false,
            );
          const first = await settle(host.pkg.createApiKey(given[0]));
          const second = await settle(host.pkg.deleteApiKey(given[1]));
          const third = await settle(host.pkg.createApiKey(given[2]));
          return { works, all: [first, second, third] };
        });
        const [created, deleted, refused] = results.all;
        for (const { error } of results.all) if (error !== undefined) await fails(Promise.reject(error), {});
        if (!results.works) return assert.include(["body", "get", "set"], name, "the platform's own trouble");
        if (created.error) throw created.error;
        sameBytes(await bytesOf(created.value), bytes);
        if (deleted.error) throw deleted.error;
        assert.equal(refused.error?.kind, "http");
        assert.equal(fetch.calls[0].get("method"), "POST");
        assert.equal(fetch.calls[0].get("body"), '{"description":"For test"}');
      });
    }
  }

  test("no option is taken from a prototype", async () => {
    const fetch = stub(async () => new Response("null"));
    const inherited = Object.create({ description: "inherited", timeout: "bad", unknown: true, retries: -1 });
    const { bytes } = await keyFile();
    const server = await scenario(fileAnswer(bytes));
    await succeeds(host.pkg.createApiKey(Object.assign(inherited, to(server))));
    assert.equal((await server.log()).requests[0].body, "{}");
    const error = await fails(
      host.pkg.deleteApiKey(
        Object.assign(Object.create({ token: "inherited", credentialId: CREDENTIAL }), {
          endpoint: host.origins[1],
          projectId: "0123456789abcdef0123456789abcdef",
          fetch,
        }),
      ),
      { kind: "invalid_argument", outcome: "not_sent" },
    );
    assert.includeMembers(
      error.issues.map(({ field }) => field),
      ["token", "credentialId"],
    );
    assert.lengthOf(fetch.calls, 0);
  });

  test("an own option named __proto__ or constructor is an unknown option", async () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      const options = to({ endpoint: host.origins[1] });
      Object.defineProperty(options, name, {
        value: { description: "x" },
        enumerable: true,
        configurable: true,
        writable: true,
      });
      const error = await fails(host.pkg.createApiKey(options), { kind: "invalid_argument", outcome: "not_sent" });
      assertUnknownOption(error, name);
    }
  });

  for (const body of [
    '{"__proto__":{"polluted":true,"error_code":"P","error_msg":"P","message":"P"},"code":400}',
    '{"constructor":{"prototype":{"polluted":true}},"code":400}',
    '{"code":400,"error":{"__proto__":{"polluted":true,"message":"P"}}}',
    '{"__proto__":null,"code":400}',
    '{"toString":null,"hasOwnProperty":1,"valueOf":2,"code":400}',
    '{"__proto__":"text","constructor":"text","prototype":"text","code":400}',
  ]) {
    test(`an error body of ${body} changes nothing`, async () => {
      const before = Reflect.ownKeys(Object.prototype).map(String).sort();
      const error = await fails(create(await scenario({ status: 400, body })), { kind: "http", outcome: "rejected" });
      assert.deepEqual(Reflect.ownKeys(Object.prototype).map(String).sort(), before);
      assert.isUndefined({}.polluted);
      assert.isUndefined(error.polluted);
      for (const field of ["errorCode", "errorMsg", "detail"]) assert.isUndefined(error[field], field);
      assert.strictEqual(Object.getPrototypeOf(error), host.pkg.ApiKeyError.prototype);
      await succeeds(remove(await scenario({ body })));
    });
  }

  test("a key file whose columns are named __proto__ or constructor is read as it is", async () => {
    const { zip } = await import("../support/zip.js");
    const bytes = await zip([
      { name: "credential.csv", data: "__proto__,constructor,toString\r\nfirst-value,second-value,third-value\r\n" },
    ]);
    const [row] = await succeeds(host.pkg.readCredentials(new Blob([bytes])));
    assert.deepEqual(Object.entries(row), [
      ["__proto__", "first-value"],
      ["constructor", "second-value"],
      ["toString", "third-value"],
    ]);
    assert.isUndefined({}["first-value"]);
  });
});
