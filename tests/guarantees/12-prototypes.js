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
  patch,
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

/** Pollutes a prototype, Object's unless told, while `run` is under way. `value` may be a descriptor's getter. */
async function polluted(name, value, run, { target = Object.prototype, getter = false } = {}) {
  const had = Object.getOwnPropertyDescriptor(target, name);
  // Without a prototype, so that a polluted "get" cannot spoil our own definition.
  const define = (descriptor) => Reflect.defineProperty(target, name, Object.assign(Object.create(null), descriptor));
  const undo = () => {
    Reflect.deleteProperty(target, name);
    if (had) define(had);
  };
  onEnd(undo);
  const more = { enumerable: true, configurable: true };
  // Who sets the property gets one of their own, as without the getter.
  const set = function (own) {
    Reflect.defineProperty(this, name, Object.assign(Object.create(null), { value: own, writable: true, ...more }));
  };
  define(getter ? { get: value, set, ...more } : { value, writable: true, ...more });
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

/** Names that the package, its glue or a host reads somewhere, beside those above. */
const READ = [
  "href",
  "origin",
  "then",
  "length",
  "size",
  "arrayBuffer",
  "stream",
  "slice",
  "text",
  "json",
  "blob",
  "bytes",
  "getReader",
  "read",
  "next",
  "return",
  "redirected",
  "ok",
  "location",
  "File",
  "performance",
  "addEventListener",
  "removeEventListener",
  "readable",
  "writable",
  "lastModified",
  "endings",
  "fatal",
  "detached",
  "problem",
  "isImpatient",
  "ignoreBOM",
  "exports",
  "memory",
  "buffer",
  "byteLength",
  "byteOffset",
  "index",
  "input",
  "groups",
  "indices",
  "exec",
  "lastIndex",
  "flags",
  "source",
  "credentials",
  "count",
  "id",
  "create_time",
  "0",
  "1",
  "X-Auth-Token",
  "account",
  "password",
  "passcode",
  "passcode.code",
  "code",
  "userId",
  "project",
  "expires_at",
  "issued_at",
  "projectId",
  "expiresAt",
  "endsAt",
  "renewal",
  "renewAt",
  "refused",
  "Content-Type",
  "Retry-After",
  "isSecret",
  "taken",
  "resolve",
  "reject",
  "promise",
  "chunks",
  "most",
  "stop",
  "plain",
  "starts",
  "start",
  "end",
  "field",
  "values",
  "isHeard",
  "constructor",
  "toString",
  "valueOf",
  "hasOwnProperty",
  Symbol.iterator,
  Symbol.asyncIterator,
  Symbol.toPrimitive,
  Symbol.toStringTag,
  Symbol.isConcatSpreadable,
  Symbol.species,
  Symbol.match,
  Symbol.replace,
  Symbol.hasInstance,
];

/** A response of hand-made objects, which inherit what is polluted. */
function duck(status, bytes, headers = {}) {
  const pieces = [{ value: bytes }, { done: true }];
  const reader = { read: async () => pieces.shift(), cancel: async () => {} };
  return { status, headers: { get: (name) => headers[name] ?? null }, body: { getReader: () => reader } };
}

/** Calls of every export, made ready; `run` makes them, and tells what was sent and what came of it. */
async function prepare(pkg) {
  const bytesOfText = (text) => new TextEncoder().encode(text);
  const { bytes } = await keyFile();
  const { bytes: stored } = await keyFile({ secret: "read" });
  const broken = new TypeError("fetch failed", { cause: Object.assign(new Error("gone"), { code: "ECONNRESET" }) });
  const answers = {
    create: [duck(200, bytes, { "content-disposition": 'attachment; filename="a.zip"' })],
    "a create that is refused": [
      duck(400, bytesOfText('{"code":400,"error_code":"E"}'), { "x-request-id": "request" }),
    ],
    "a create that is lost": [broken],
    delete: [
      duck(503, bytesOfText("{}"), { "retry-after": "0" }),
      duck(401, bytesOfText("{}")),
      duck(200, bytesOfText("null")),
    ],
    list: [duck(200, bytesOfText('{"count":1,"credentials":[{"id":"a"}]}'))],
    "a list in another form": [duck(200, bytesOfText('{"credentials":[{}]}'))],
  };
  const sent = [];
  const fetchOf = (list) => async (url, init) => {
    sent.push([url, init]);
    const given = list.shift();
    if (given instanceof Error) throw given;
    return given;
  };
  const given = Object.entries(answers).map(([what, list]) => {
    let calls = 0;
    const options = {
      endpoint: "https://api.example",
      projectId: "0123456789abcdef0123456789abcdef",
      token: () => `token ${++calls}`,
      fetch: fetchOf(list),
      timeout: 5000,
    };
    if (what === "delete") Object.assign(options, { credentialId: CREDENTIAL, retries: 1 });
    if (what === "create") Object.assign(options, { description: "For test", token: "token" });
    return options;
  });
  const granted = '{"token":{"project":{"id":"0123456789abcdef0123456789abcdef"},"expires_at":"2999-01-01T00:00:00Z"}}';
  const who = (list, more) => ({
    endpoint: "https://iam.example",
    account: "acme",
    user: "alice",
    password: "correct horse battery",
    project: "ap-southeast-3",
    fetch: fetchOf(list),
    timeout: 5000,
    ...more,
  });
  const passcode = { userId: "0123456789abcdef0123456789abcdef", code: () => "123456" };
  const entering = [
    who([duck(201, bytesOfText(granted), { "x-subject-token": "token" })]),
    who([duck(201, bytesOfText(granted), { "x-subject-token": "token" })], { password: () => "a password", passcode }),
    who([duck(401, bytesOfText('{"error":{"code":401,"message":"m","title":"t"}}'))]),
    who([duck(201, bytesOfText("{}"), { "x-subject-token": "token" })]),
  ];
  const file = new Blob([stored]);
  const wrong = { endpoint: "http://api.example", projectId: "short", token: "a\nb", retries: 1 };
  const run = async () => {
    // No destructuring from here on: it calls `return`, which lists do not have of their own.
    const results = [];
    const take = async (call) => {
      try {
        results[results.length] = [await call()];
      } catch (error) {
        results[results.length] = [undefined, error];
      }
    };
    await take(() => pkg.createApiKey(given[0]));
    await take(() => pkg.createApiKey(given[1]));
    await take(() => pkg.createApiKey(given[2]));
    await take(() => pkg.createApiKey(wrong));
    await take(() => pkg.deleteApiKey(given[3]));
    await take(() => pkg.listApiKeys(given[4]));
    await take(() => pkg.listApiKeys(given[5]));
    await take(() => pkg.readCredentials(file));
    await take(() => pkg.readCredentials({}));
    await take(() => pkg.init());
    for (let at = 0; at < entering.length; at += 1) {
      await take(() => host.signIn(entering[at]));
      await take(() => results[results.length - 1][0].token());
    }
    await take(() => host.signIn({ user: "alice", passcode: {} }));
    return results;
  };
  return { run, sent, bytes };
}

const FIELDS = [
  "kind",
  "outcome",
  "message",
  "status",
  "code",
  "errorCode",
  "errorMsg",
  "detail",
  "requestId",
  "issues",
];
const described = (value) =>
  JSON.stringify(value, (_, member) => (typeof member === "function" ? "a function" : member)) ?? "undefined";

/** What came of a call, as text. */
function told([value, error]) {
  if (!error) return value instanceof File ? described([value.name, value.type, value.size]) : described(value);
  const cause = error.cause && ["name", "message", "code"].map((name) => error.cause[name]);
  return described([...FIELDS.map((name) => error[name]), cause]);
}

/** A request as text: its URL, and all that fetch could read of its init. */
function request([url, init]) {
  const members = Reflect.ownKeys(init).map((name) => {
    const value = init[name];
    if (name === "signal") return [name, value instanceof AbortSignal];
    return [name, name === "headers" ? Reflect.ownKeys(value).map((header) => [header, value[header]]) : value];
  });
  return described([url, members, Object.getPrototypeOf(init), Object.getPrototypeOf(init.headers)]);
}

/** Whether all that a call needs of its platform still works: what this cannot do, no client of it can. */
async function platformCan(target, name, value, getter) {
  const blob = new Blob(["text"]);
  const type = Object.assign(Object.create(null), { type: "text/plain" });
  const utf8 = new TextDecoder("utf-8", Object.assign(Object.create(null), { fatal: true }));
  const work = async () => {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    if (utf8.decode(bytes) !== "text") return false;
    const file = new File([bytes], "a.txt", type);
    const error = new Error("text", Object.assign(Object.create(null), { cause: 1 }));
    const waited = await new Promise((resolve) => platform.setTimeout(() => resolve({ at: [1] }), 0));
    const found = /(a)/.exec("cat")?.[1];
    const parsed = JSON.parse('{"a":[1]}');
    return (
      file.type === "text/plain" &&
      error.cause === 1 &&
      waited.at[0] === 1 &&
      found === "a" &&
      parsed.a[0] === 1 &&
      "a b".replace(/ /g, "-") === "a-b" &&
      new URL("https://a.example/b").href === "https://a.example/b" &&
      !new AbortController().signal.aborted
    );
  };
  const late = new Promise((resolve) => platform.setTimeout(() => resolve(false), 1000));
  return polluted(name, value, () => Promise.race([work().catch(() => false), late]), { target, getter });
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

  const pollutions = {
    "a text": ["http://other.example", false],
    "a function": [() => "http://other.example", false],
    "a getter that throws": [
      () => {
        throw new Error("polluted");
      },
      true,
    ],
  };
  const prototypes = { Object, String, Function, Array, Error };
  const swept = [...new Set([...OPTIONS, ...INIT, ...ANSWER, ...OTHER, ...DESCRIPTOR, ...READ])].flatMap((name) =>
    Object.keys(prototypes)
      // The other prototypes for what is asked of texts, functions, lists and errors.
      .filter((owner) => owner === "Object" || ["href", "code", "cause", "status", "aborted"].includes(name))
      .map((owner) => [owner, name]),
  );
  /** What loading the package reads. */
  const LOADING = ["href", "ok", "signal", "fatal", "toString", "detached", "default"];
  let clean;
  for (const [owner, name] of swept) {
    for (const [what, [value, getter]] of Object.entries(pollutions)) {
      // Chromium has room for the memories of a hundred modules, and a page never lets go of one.
      const isCold = !host.page || (owner === "Object" && what === "a text" && LOADING.includes(name));
      // With any other `then` of all objects no platform's own promise settles, and no test ends.
      if (name === "then" && what !== "a text") continue;
      test(`${owner}.prototype.${String(name)} as ${what}: the same is sent, and the same comes of it, ${isCold ? "cold and warm" : "warm"}`, async () => {
        // No wait before the delete that is tried again.
        patch(Math, "random", () => 0);
        clean ??= await (async () => {
          const { run, sent } = await prepare(host.pkg);
          return { results: (await run()).map(told), requests: sent.map(request) };
        })();
        assert.lengthOf(clean.requests, 12);
        const target = prototypes[owner].prototype;
        const works = await platformCan(target, name, value, getter);
        const warm = isCold ? await host.freshPackage() : host.pkg;
        for (const [how, pkg] of Object.entries({ ...(isCold && { cold: warm }), warm })) {
          const { run, sent } = await prepare(pkg);
          const hang = new Promise((resolve) => platform.setTimeout(resolve, works ? 10_000 : 1000, []));
          const results = await polluted(name, value, () => Promise.race([run(), hang]), { target, getter });
          const requests = sent.map(request);
          for (const [at, text] of requests.entries()) assert.equal(text, clean.requests[at], how);
          if (!works) continue;
          for (const [at, result] of results.entries()) assert.equal(told(result), clean.results[at], how);
          assert.lengthOf(requests, clean.requests.length);
        }
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
