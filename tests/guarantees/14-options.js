import {
  assert,
  host,
  test,
  fails,
  succeeds,
  create,
  remove,
  stub,
  scenario,
  keyFile,
  fileAnswer,
  secretToken,
  to,
  CREDENTIAL,
  PROJECT,
  assertUnknownOption,
} from "./kit.js";

const where = () => ({ endpoint: host.origins[1] });
const done = () => stub(async () => new Response("null"));
const fields = (error) => error.issues.map(({ field }) => field);

async function illegal(more, field) {
  const fetch = done();
  const error = await fails(remove(where(), { fetch, ...more }), { kind: "invalid_argument", outcome: "not_sent" });
  assert.include(fields(error), field);
  for (const issue of error.issues) {
    assert.isString(issue.message);
    assert.isNotEmpty(issue.message);
  }
  assert.lengthOf(fetch.calls, 0);
}

describe("Options are checked before anything is sent", () => {
  test("each is read once, before the call returns, and changing them later changes nothing", async () => {
    const fetch = done();
    const reads = {};
    const values = to(where(), {
      credentialId: CREDENTIAL,
      fetch,
      timeout: 5000,
      signal: null,
      retries: 0,
      maxFileBytes: 10_000,
      maxErrorBytes: 10_000,
    });
    const options = {};
    for (const name of Object.keys(values)) {
      Object.defineProperty(options, name, {
        enumerable: true,
        configurable: true,
        get() {
          reads[name] = (reads[name] ?? 0) + 1;
          return values[name];
        },
      });
    }
    const call = host.pkg.deleteApiKey(options);
    const atOnce = { ...reads };
    values.token = "changed";
    values.projectId = "changed";
    await succeeds(call);
    assert.deepEqual(reads, atOnce, "reads after the call returned");
    assert.deepEqual(reads, Object.fromEntries(Object.keys(values).map((name) => [name, 1])));
    assert.notEqual(new Headers(fetch.calls[0].get("headers")).get("x-auth-token"), "changed");
  });

  test("all problems are told at once", async () => {
    const error = await fails(
      remove(
        { endpoint: "nonsense" },
        {
          endpoint: 5,
          projectId: "x",
          credentialId: "..",
          token: "",
          timeout: 0,
          signal: 1,
          fetch: 1,
          retries: -1,
          typo: 1,
        },
      ),
      { kind: "invalid_argument", outcome: "not_sent" },
    );
    assert.includeMembers(fields(error), [
      "endpoint",
      "projectId",
      "credentialId",
      "token",
      "timeout",
      "signal",
      "fetch",
      "retries",
    ]);
    assertUnknownOption(error, "typo");
  });

  test("an unknown option is an error, so that a slip makes no nameless key", async () => {
    for (const name of ["descripton", "Description", "retry", "baseUrl", "credentialId", ""]) {
      const fetch = done();
      const error = await fails(create(where(), { fetch, [name]: "x" }), {
        kind: "invalid_argument",
        outcome: "not_sent",
      });
      assertUnknownOption(error, name);
      assert.lengthOf(fetch.calls, 0);
    }
    assertUnknownOption(
      await fails(remove(where(), { fetch: done(), description: "x" }), {
        kind: "invalid_argument",
        outcome: "not_sent",
      }),
      "description",
    );
  });

  for (const value of [
    "",
    "0".repeat(31),
    "0".repeat(33),
    "../".padEnd(32, "0"),
    `${"0".repeat(31)}/`,
    `${"0".repeat(31)}%`,
    `${"0".repeat(31)}.`,
    `${"0".repeat(31)}\n`,
    `${"0".repeat(31)}é`,
    "\u{1f511}".repeat(16),
    ` ${"0".repeat(32)}`,
    undefined,
  ]) {
    test(`projectId ${JSON.stringify(value)} is illegal`, () => illegal({ projectId: value }, "projectId"));
  }
  for (const value of [
    "",
    "..",
    "0".repeat(35),
    "0".repeat(37),
    `${"0".repeat(35)}/`,
    "%2e%2e".repeat(6),
    `${"0".repeat(35)}?`,
    `${"0".repeat(35)}#`,
    `${"0".repeat(35)}\0`,
    `${"0".repeat(35)}\ud83d`,
    undefined,
  ]) {
    test(`credentialId ${JSON.stringify(value)} is illegal`, () => illegal({ credentialId: value }, "credentialId"));
  }
  test("ids of letters, digits, dashes and underscores are legal", async () => {
    const fetch = done();
    await succeeds(
      remove(where(), { fetch, projectId: "aZ09_-".padEnd(32, "_"), credentialId: "aZ09_-".padEnd(36, "-") }),
    );
    assert.match(fetch.calls[0].url, /\/v1\/aZ09_-_{26}\/node-provider\/credentials\/aZ09_--{30}$/);
  });

  for (const [what, value] of Object.entries({
    empty: "",
    "white space": " \t\r\n",
    "65,536 characters": "t".repeat(65_536),
    undefined: undefined,
  })) {
    test(`a token that is ${what} is illegal`, () => illegal({ token: value }, "token"));
  }
  test("tokens of 1 and of 65,535 characters are legal, and white space at the ends does not count", async () => {
    for (const token of ["t", "t".repeat(65_535), ` ${"t".repeat(65_535)}\r\n`]) {
      const fetch = done();
      await succeeds(remove(where(), { fetch, token }));
      assert.equal(new Headers(fetch.calls[0].get("headers")).get("x-auth-token"), token.trim());
    }
  });

  test("a description of 100 code points is legal, one of 101 is not", async () => {
    const { bytes } = await keyFile();
    for (const letter of ["x", "\u{1f511}", "漢"]) {
      const fetch = stub(async () => new Response(bytes));
      await succeeds(create(where(), { fetch, description: letter.repeat(100) }));
      const error = await fails(create(where(), { fetch, description: letter.repeat(101) }), {
        kind: "invalid_argument",
        outcome: "not_sent",
      });
      assert.include(fields(error), "description");
      assert.lengthOf(fetch.calls, 1);
    }
  });

  for (const description of [null, 5, {}, ["x"], "\ud83d", "x\udd11", "\udd11\ud83d"]) {
    test(`the description ${JSON.stringify(description)} is illegal`, async () => {
      const fetch = done();
      const error = await fails(create(where(), { fetch, description }), {
        kind: "invalid_argument",
        outcome: "not_sent",
      });
      assert.deepEqual(fields(error), ["description"]);
      assert.lengthOf(fetch.calls, 0);
    });
  }

  for (const endpoint of [
    "",
    " ",
    "nonsense",
    "https://",
    "https://example.com?",
    "https://example.com?a",
    "https://example.com#",
    "https://example.com#a",
    "https://a@example.com",
    "https://a:b@example.com",
    "https://@example.com/?",
    "nes",
    "?nes",
    "#nes",
    "//example.com",
    "/\\example.com",
    "/\t/example.com",
    undefined,
  ]) {
    test(`the endpoint ${JSON.stringify(endpoint)} is illegal`, () => illegal({ endpoint }, "endpoint"));
  }

  for (const [field, value, rule] of [
    ["token", undefined, "must be given"],
    ["token", " ", "must not be empty"],
    ["token", "t".repeat(65_536), "at most 65535 characters"],
    ["token", "t\nt", "only printable ASCII characters"],
    ["token", 5, "must be a string"],
    ["description", "x".repeat(101), "at most 100 characters"],
    ["description", "\ud83d", "half of a surrogate pair"],
    ["endpoint", "http://192.0.2.1", "must be an https: URL"],
    ["endpoint", "https://a@example.com", "must not have a user name or password"],
    ["endpoint", "https://example.com?", "must not have a query or a fragment"],
    ["endpoint", "https://", "must be an absolute URL"],
  ]) {
    test(`the rule that the ${field} ${JSON.stringify(value)?.slice(0, 40)} breaks is told: it ${rule}`, async () => {
      const error = await fails(create(where(), { fetch: done(), [field]: value }), { kind: "invalid_argument" });
      assert.deepEqual(fields(error), [field]);
      assert.include(error.issues[0].message, rule);
    });
  }

  test("an endpoint's path is kept, with and without a slash at its end", async () => {
    for (const endpoint of [
      "https://example.com/nes",
      "https://example.com/nes/",
      new URL("https://example.com/nes"),
    ]) {
      const fetch = done();
      await succeeds(remove({ endpoint }, { fetch }));
      assert.equal(fetch.calls[0].url, `https://example.com/nes/v1/${PROJECT}/node-provider/credentials/${CREDENTIAL}`);
    }
  });

  test("a relative endpoint is taken from the page's address, and needs one", async () => {
    if (!host.page) return illegal({ endpoint: "/nes" }, "endpoint");
    const server = await scenario({ body: "null" }, { origin: 0 });
    await succeeds(remove({ endpoint: `/s/${server.id}` }));
    const {
      requests: [request],
      preflights,
    } = await server.log();
    assert.equal(request.path, `/s/${server.id}/v1/${PROJECT}/node-provider/credentials/${CREDENTIAL}`);
    assert.lengthOf(preflights, 0);
  });

  test("a symbol or an option that is not enumerable makes no difference in what is sent", async () => {
    const fetch = done();
    const options = to(where(), { credentialId: CREDENTIAL, fetch, [Symbol("note")]: 1 });
    await host.pkg.deleteApiKey(options).catch((error) => fails(Promise.reject(error), { kind: "invalid_argument" }));
    assert.isAtMost(fetch.calls.length, 1);
  });

  test("a token is not kept between calls", async () => {
    const { bytes } = await keyFile();
    const server = await scenario(fileAnswer(bytes));
    const tokens = [secretToken(), secretToken()];
    for (const token of tokens) await succeeds(create(server, { token }));
    assert.deepEqual(
      (await server.log()).requests.map(({ headers }) => headers["x-auth-token"]),
      tokens,
    );
  });
});
