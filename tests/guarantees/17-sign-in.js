import {
  assert,
  create,
  fails,
  fileAnswer,
  host,
  keepSecret,
  keyFile,
  patch,
  PROJECT,
  remove,
  scenario,
  secretText,
  secretToken,
  currentSecrets,
  stub,
  succeeds,
  test,
} from "./kit.js";
import { leaksOf } from "./leaks.js";

const { AsyncLocalStorage } = host.page ? {} : await import("node:async_hooks");

const DAY = 86_400_000;
const USER_ID = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const EXPOSED = { "Access-Control-Expose-Headers": "X-Subject-Token, X-Request-Id" };

/** What IAM says of a token, by its times in milliseconds since 1970. */
const described = ({ from = Date.now(), lasts = DAY, project = { id: PROJECT, name: "ap-southeast-3" } } = {}) => ({
  token: {
    issued_at: new Date(from).toISOString().replace("Z", "000Z"),
    expires_at: new Date(from + lasts).toISOString().replace("Z", "000Z"),
    project,
    user: { id: USER_ID, name: "alice", domain: { id: USER_ID, name: "acme" } },
  },
});

/** An answer with a token. */
const granted = (token, times) => ({
  status: 201,
  headers: { ...EXPOSED, "X-Subject-Token": token, "Content-Type": "application/json" },
  body: JSON.stringify(described(times)),
});

/** The same of a fetch of the test's own. */
const grant = (token, times) =>
  new Response(JSON.stringify(described(times)), { status: 201, headers: { "X-Subject-Token": token } });

const secretPassword = () => secretText(24);

const enter = ({ endpoint }, more = {}) =>
  host.signIn({
    endpoint,
    account: "acme",
    user: "alice",
    password: secretPassword(),
    project: "ap-southeast-3",
    ...more,
  });

/** Signs in by a fetch of the test's own. */
const enterBy = (fetch, more) => enter({ endpoint: host.origins[1] }, { fetch, ...more });

const requestsOf = async (server) => (await server.log()).requests;
const bodyOf = (call) => JSON.parse(call.get("body"));
const passwordIn = (call) => bodyOf(call).auth.identity.password.user.password;

describe("17. Signing in", () => {
  test("the request is the contract's, without a token, and the session has what the other calls take", async () => {
    const [token, password] = [secretToken(), secretPassword()];
    const server = await scenario(granted(token));
    const session = await succeeds(enter(server, { password }));
    assert.equal(session.projectId, PROJECT);
    assert.isTrue(session.expiresAt instanceof Date);
    assert.isAbove(session.expiresAt.getTime(), Date.now() + DAY / 2);
    assert.equal(await session.token(), token);
    const [request, ...more] = await requestsOf(server);
    assert.isEmpty(more);
    assert.equal(request.method, "POST");
    assert.match(request.target ?? request.url ?? request.path, /\/v3\/auth\/tokens\?nocatalog=true$/);
    assert.match(request.headers["content-type"], /^application\/json/);
    assert.notProperty(request.headers, "x-auth-token");
    assert.notProperty(request.headers, "cookie");
  });

  test("the body names account, user and project, and has the passcode where there is one", async () => {
    const domain = { name: 'ac"me' };
    const fetch = stub(async () => grant(secretToken()));
    const password = keepSecret(' p"a\\ss wörd {user} 🔑 long ');
    const options = { account: domain.name, user: "{password}", password };
    await succeeds(enterBy(fetch, options));
    await succeeds(enterBy(fetch, { ...options, project: PROJECT }));
    await succeeds(enterBy(fetch, { ...options, passcode: { userId: USER_ID, code: "123456" } }));
    await succeeds(enterBy(fetch, { ...options, passcode: { userId: USER_ID, code: async () => " 123456\n" } }));
    const user = { name: "{password}", password, domain };
    const byName = { project: { name: "ap-southeast-3", domain } };
    const totp = { user: { id: USER_ID, passcode: "123456" } };
    const withCode = { auth: { identity: { methods: ["password", "totp"], password: { user }, totp }, scope: byName } };
    assert.deepEqual(fetch.calls.map(bodyOf), [
      { auth: { identity: { methods: ["password"], password: { user } }, scope: byName } },
      { auth: { identity: { methods: ["password"], password: { user } }, scope: { project: { id: PROJECT } } } },
      withCode,
      withCode,
    ]);
  });

  test("a session shows no secret, however it is printed", async () => {
    const session = await succeeds(enter(await scenario(granted(secretToken())), { password: () => secretPassword() }));
    assert.deepEqual(leaksOf(session, currentSecrets()), []);
    assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(session))).sort(), ["expiresAt", "projectId"]);
    assert.throws(() => Object.defineProperty(session, "token", { value: 1 }), TypeError);
  });

  for (const status of [400, 401, 403, 404, 409, 500, 503]) {
    test(`no error quotes password, passcode or token, whatever the service writes: ${status}`, async () => {
      const [password, token, code] = [secretPassword(), secretToken(300), "918273"];
      const quote = `${password} ${token} ${code}`;
      for (const body of [
        { error: { code: status, message: quote, title: quote } },
        { error_code: quote, error_msg: password, request_id: code },
        { error_msg: [...password].join("\u200b"), message: encodeURIComponent(password) },
        { message: `the passcode ${code} of ${password.slice(4)}` },
      ]) {
        const server = await scenario({
          status,
          headers: { ...EXPOSED, "X-Subject-Token": token, "X-Request-Id": password },
          body: JSON.stringify(body),
        });
        const error = await fails(enter(server, { password, passcode: { userId: USER_ID, code } }), { kind: "http" });
        assert.equal(error.status, status);
        const told = [error.message, error.errorMsg, error.errorCode, error.detail, error.requestId].join(" ");
        assert.notInclude(told, code);
        assert.lengthOf(await requestsOf(server), 1);
      }
    });
  }

  test("an error says what to check", async () => {
    const told = async (status) =>
      (await fails(enter(await scenario({ status, body: "{}" })), { kind: "http", outcome: "rejected" })).message;
    for (const status of [401, 403, 404]) {
      const message = await told(status);
      for (const word of ["account", "user", "password", "project", "passcode", "lock", "HUAWEI ID", "no token"])
        assert.include(message, word);
    }
    assert.include(await told(429), "wait");
  });

  test("nothing is ever sent twice", async () => {
    for (const answer of [
      { status: 401, body: "{}" },
      { status: 403, body: "{}" },
      { status: 429, headers: { "Retry-After": "0" } },
      { status: 500 },
      { status: 503, headers: { "Retry-After": "0" } },
      { stop: { at: "status", how: "reset" } },
      { stop: { at: "body", how: "close", after: 3 }, body: "{}      " },
    ]) {
      const server = await scenario([answer, granted(secretToken())]);
      let asked = 0;
      const password = () => {
        asked += 1;
        return secretPassword();
      };
      await fails(enter(server, { password }), {});
      assert.equal(asked, 1);
      // A platform may repeat a POST on a connection that dies, which no script can prevent; that is tested with creates.
      if (answer.status) assert.lengthOf(await requestsOf(server), 1);
    }
  });

  test("a redirect is refused, and nobody else gets the password", async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      const other = await scenario(granted(secretToken()), { origin: 2 });
      const server = await scenario({ status, headers: { Location: `${other.endpoint}/v3/auth/tokens` } });
      await fails(enter(server), { kind: "redirect" });
      assert.isEmpty(await requestsOf(other));
    }
  });

  test("a success without a whole answer is none, and is not quoted", async () => {
    const token = secretToken(200);
    const answers = [
      granted(token, { project: {} }),
      granted(token, { project: { id: 7 } }),
      granted(token, { project: { id: `${PROJECT}/..` } }),
      { ...granted(token), body: JSON.stringify({ token: { project: { id: PROJECT }, expires_at: token } }) },
      { ...granted(token), body: JSON.stringify({ token: { project: { id: PROJECT } } }) },
      { ...granted(token), body: `<p>${token}` },
      { ...granted(token), body: "" },
      { ...granted(token), body: "null" },
      { ...granted(token), headers: EXPOSED },
      { ...granted(""), status: 200 },
      { ...granted(token.repeat(400).slice(0, 66_000)) },
      { status: 200, body: "<h1>Log in" },
      { status: 204 },
    ];
    for (const answer of answers) {
      const error = await fails(enter(await scenario(answer)), {
        kind: ["unexpected_response", "network"],
        outcome: "unknown",
      });
      assert.isUndefined(error.file);
      assert.include(error.message, "no token was received");
    }
  });

  test("a call that stalls ends at its deadline, and one that is aborted ends then", async () => {
    const server = await scenario({ stop: { at: "status", how: "stall" } });
    await fails(enter(server, { timeout: 300 }), { kind: "timeout", outcome: "unknown" });
    const controller = new AbortController();
    const pending = enter(server, { signal: controller.signal });
    pending.catch(() => {});
    await server.wait({ requests: 2 });
    controller.abort(new Error("enough"));
    await fails(pending, { kind: "aborted", outcome: "unknown" });
    await fails(enter(server, { password: () => new Promise(() => {}), timeout: 50 }), {
      kind: "timeout",
      outcome: "not_sent",
    });
  });

  describe("options", () => {
    const calls = stub(async () => grant(secretToken()));
    for (const [name, values] of Object.entries({
      endpoint: [undefined, "", "http://iam.example.com", "https://iam.example.com/?a", 7],
      account: [undefined, "", "a\n", "\ud800", 7, null, () => "acme", "x".repeat(4097)],
      user: [undefined, "", "alice\r", {}, []],
      password: [undefined, "", 7, null, "hunter2\n", "a\u0000b", "\udc00", "x".repeat(4097)],
      project: [undefined, "", "x\t", 32],
      "passcode.code": ["12345", "1234567", "12345a", 123456, "１２３４５６", undefined].map((code) => ({ code })),
      "passcode.userId": [undefined, "alice", "x".repeat(33), 7].map((userId) => ({ userId })),
      signal: [7, {}],
      timeout: [0, -1, Number.NaN, "1"],
      fetch: [7],
      maxErrorBytes: [0, 1.5],
    })) {
      test(`what breaks a rule is named and not quoted: ${name}`, async () => {
        for (const value of values) {
          const more = name.startsWith("passcode.")
            ? { passcode: { userId: USER_ID, code: "123456", ...value } }
            : { [name]: value };
          const error = await fails(enterBy(calls, more), { kind: "invalid_argument", outcome: "not_sent" });
          assert.deepEqual(
            error.issues.map(({ field }) => field),
            [name],
          );
        }
        assert.isEmpty(calls.calls);
      });
    }

    test("an endpoint that is none is told where IAM is", async () => {
      const error = await fails(enterBy(calls, { endpoint: "iam" }), { kind: "invalid_argument" });
      assert.include(error.issues[0].message, "(signIn: iam.)");
    });

    test("a passcode that is not an object lacks both its parts", async () => {
      for (const passcode of ["123456", 123456, null, {}, () => "123456"]) {
        const error = await fails(enterBy(calls, { passcode }), { kind: "invalid_argument" });
        assert.includeMembers(
          error.issues.map(({ field }) => field),
          ["passcode.userId", "passcode.code"],
        );
      }
    });

    test("options of the other calls are none of this one", async () => {
      for (const name of ["token", "projectId", "retries", "maxFileBytes", "description", "domain"]) {
        const error = await fails(enterBy(calls, { [name]: keepSecret("another-secret-text") }), {
          kind: "invalid_argument",
        });
        assert.deepEqual(
          error.issues.map(({ field }) => field),
          [name],
        );
      }
    });

    test("what the password's function throws is left out, and so is what it gives", async () => {
      const secret = secretPassword();
      for (const password of [
        () => {
          throw new Error(secret);
        },
        () => Promise.reject(secret),
        () => `${secret}\n`,
        () => ({ secret }),
      ]) {
        const error = await fails(enterBy(calls, { password }), { kind: "invalid_argument", outcome: "not_sent" });
        assert.equal(error.issues[0].field, "password");
      }
      const code = () => Promise.reject(new Error(secret));
      const error = await fails(enterBy(calls, { passcode: { userId: USER_ID, code } }), { kind: "invalid_argument" });
      assert.equal(error.issues[0].field, "passcode.code");
      assert.isEmpty(calls.calls);
    });
  });

  describe("sessions", () => {
    /** A session whose tokens are told, with what was asked of its password's function. */
    async function session({ answers = [], more } = {}) {
      const tokens = [secretToken(40), secretToken(40), secretToken(40), secretToken(40)];
      let at = 0;
      const fetch = stub(async (call) => {
        const answer = answers[at];
        const token = tokens[at];
        at += 1;
        return answer ? answer(call, token) : grant(token);
      });
      const asked = [];
      const password = () => {
        asked.push(secretPassword());
        return asked.at(-1);
      };
      const opened = await succeeds(enterBy(fetch, { password, ...more }));
      return { opened, tokens, fetch, asked };
    }

    /** Lets `Date.now` be so many milliseconds later until the test ends. */
    function pass(milliseconds) {
      const then = Date.now() + milliseconds;
      patch(Date, "now", () => then);
    }

    test("the token is kept until 10 minutes before its end; then the session signs in anew, once for all", async () => {
      const { opened, tokens, fetch, asked } = await session();
      pass(DAY - 11 * 60_000);
      assert.equal(await opened.token(), tokens[0]);
      const before = opened.expiresAt;
      pass(2 * 60_000);
      assert.deepEqual(await Promise.all([opened.token(), opened.token()]), [tokens[1], tokens[1]]);
      assert.equal(await opened.token(), tokens[1]);
      assert.lengthOf(fetch.calls, 2);
      assert.deepEqual(fetch.calls.map(passwordIn), asked);
      assert.isAbove(opened.expiresAt.getTime(), before.getTime());
    });

    test("how long a token lasts goes by the clock here, whatever the service's says", async () => {
      for (const offset of [-3 * DAY, 3 * DAY]) {
        const answer = (_, token) => grant(token, { from: Date.now() + offset });
        const { opened, tokens, fetch } = await session({ answers: [answer] });
        assert.equal(await opened.token(), tokens[0]);
        assert.lengthOf(fetch.calls, 1);
      }
    });

    test("a short token is replaced in the second half of its life", async () => {
      const answer = (_, token) => grant(token, { lasts: 60_000 });
      const { opened, tokens } = await session({ answers: [answer, answer] });
      pass(29_000);
      assert.equal(await opened.token(), tokens[0]);
      pass(2000);
      assert.equal(await opened.token(), tokens[1]);
    });

    test("a failed renewal is told, without its secrets, and is not kept", async () => {
      const refuse = async (call) =>
        new Response(JSON.stringify({ error: { message: passwordIn(call) } }), { status: 401 });
      const { opened, tokens, fetch } = await session({ answers: [undefined, refuse, undefined] });
      pass(DAY);
      const [one, other] = await Promise.all([
        fails(opened.token(), { kind: "http" }),
        fails(opened.token(), { kind: "http" }),
      ]);
      assert.equal(one, other);
      assert.lengthOf(fetch.calls, 2);
      assert.equal(await opened.token(), tokens[2]);
    });

    for (const [how, wrap] of [
      ["as it is", (opened) => opened.token],
      ["called by a function", (opened) => () => opened.token()],
      ["called by an async function", (opened) => async () => opened.token()],
    ]) {
      test(`after a 401 a call gets another token from the session: ${how}`, async () => {
        const { opened, tokens, fetch } = await session();
        const { bytes } = await keyFile();
        const server = await scenario([{ status: 401, body: "{}" }, fileAnswer(bytes)]);
        await succeeds(create(server, { token: wrap(opened) }));
        assert.deepEqual(
          (await requestsOf(server)).map(({ headers }) => headers["x-auth-token"]),
          tokens.slice(0, 2),
        );
        assert.lengthOf(fetch.calls, 2);
      });
    }

    test("calls that are refused with one token share one sign-in", async () => {
      const { opened, tokens, fetch } = await session();
      const answer = ({ get }) =>
        new Response("null", { status: get("headers")["X-Auth-Token"] === tokens[0] ? 401 : 200 });
      const api = stub(async (call) => answer(call));
      const where = { endpoint: host.origins[1] };
      await Promise.all([1, 2, 3].map(() => succeeds(remove(where, { token: opened.token, fetch: api }))));
      assert.lengthOf(fetch.calls, 2);
      await succeeds(remove(where, { token: opened.token, fetch: api }));
      assert.lengthOf(fetch.calls, 2);
    });

    test("a password that is no function is not kept: a 401 stands, and the token is given up to its end", async () => {
      const password = secretPassword();
      const { opened, tokens, fetch } = await session({ more: { password } });
      const server = await scenario({ status: 401, body: "{}" });
      await fails(remove(server, { token: opened.token }), { kind: "http", outcome: "rejected" });
      assert.lengthOf(await requestsOf(server), 1);
      pass(DAY - 60_000);
      assert.equal(await opened.token(), tokens[0]);
      pass(DAY);
      const error = await fails(opened.token(), { kind: "invalid_argument", outcome: "not_sent" });
      assert.include(error.message, "function");
      assert.lengthOf(fetch.calls, 1);
      // A call that asks for it is told why.
      const call = await fails(remove(server, { token: opened.token }), { kind: "invalid_argument" });
      assert.include(call.cause.message, "function");
    });

    test("a passcode that is no function is not sent again", async () => {
      const { opened, fetch } = await session({ more: { passcode: { userId: USER_ID, code: "123456" } } });
      pass(DAY);
      await fails(opened.token(), { kind: "invalid_argument" });
      assert.lengthOf(fetch.calls, 1);
      const again = await session({ more: { passcode: { userId: USER_ID, code: () => "123456" } } });
      pass(DAY);
      assert.equal(await again.opened.token(), again.tokens[1]);
    });

    test("the signal and the options count for signing in; what changes later changes nothing", async () => {
      const controller = new AbortController();
      const passcode = { userId: USER_ID, code: () => "123456" };
      const { opened, tokens, fetch } = await session({ more: { passcode, signal: controller.signal } });
      controller.abort();
      passcode.code = () => "999999";
      pass(DAY);
      assert.equal(await opened.token(), tokens[1]);
      assert.deepEqual(fetch.calls.map(bodyOf)[1].auth.identity.totp.user.passcode, "123456");
    });

    if (!host.page) {
      test("the password's function runs in the context of who signs in", async () => {
        const tenant = new AsyncLocalStorage();
        const seen = [];
        const enterAs = (name) =>
          tenant.run(name, () =>
            enterBy(
              stub(async () => grant(secretToken())),
              {
                password: async () => {
                  seen.push([name, tenant.getStore()]);
                  return secretPassword();
                },
              },
            ),
          );
        await Promise.all(["one", "two", "three"].map(enterAs));
        for (const [name, found] of seen) assert.equal(found, name);
        assert.lengthOf(seen, 3);
      });
    }
  });
});
