import {
  assert,
  host,
  test,
  scenario,
  fails,
  succeeds,
  create,
  CALLS,
  stub,
  keyFile,
  fileAnswer,
  secretToken,
  remove,
  deferred,
  task,
} from "./kit.js";

/** A provider that gives these in turn, the last one for ever, and counts. */
function provider(...tokens) {
  const provide = () => {
    const token = tokens[Math.min(provide.calls, tokens.length - 1)];
    provide.calls += 1;
    return token;
  };
  provide.calls = 0;
  return provide;
}

const good = async (name) => (name === "create" ? fileAnswer((await keyFile()).bytes) : { body: "null" });
const tokensOf = async (server) => (await server.log()).requests.map(({ headers }) => headers["x-auth-token"]);

describe("10. Token providers", () => {
  for (const [name, call] of CALLS) {
    test(`a provider is called once for a call that works, and its token is sent: ${name}`, async () => {
      const server = await scenario(await good(name));
      const token = secretToken();
      for (const make of [
        () => token,
        async () => token,
        () => ({ then: (resolve) => resolve(token) }),
        () => ` ${token}\n`,
      ]) {
        let calls = 0;
        await succeeds(
          call(server, {
            token: () => {
              calls += 1;
              return make();
            },
          }),
        );
        assert.equal(calls, 1);
      }
      assert.deepEqual(await tokensOf(server), [token, token, token, token]);
    });

    test(`after a 401 the provider is asked once more, and another token is sent: ${name}`, async () => {
      const server = await scenario([{ status: 401, body: "{}" }, await good(name)]);
      const tokens = [secretToken(), secretToken()];
      const token = provider(...tokens);
      await succeeds(call(server, { token }));
      assert.equal(token.calls, 2);
      assert.deepEqual(await tokensOf(server), tokens);
    });

    test(`after a 401 the same token is not sent again: ${name}`, async () => {
      const token = secretToken();
      for (const second of [token, ` ${token} `]) {
        const server = await scenario([{ status: 401, body: '{"error_code":"BCS.03401001"}' }, await good(name)]);
        const provide = provider(token, second);
        const error = await fails(call(server, { token: provide }), { kind: "http", outcome: "rejected" });
        assert.equal(error.status, 401);
        assert.equal(error.errorCode, "BCS.03401001");
        assert.equal(provide.calls, 2);
        assert.lengthOf(await tokensOf(server), 1);
      }
    });

    test(`a second 401 ends the call: ${name}`, async () => {
      const server = await scenario({ status: 401, body: "{}" });
      const token = provider(secretToken(), secretToken(), secretToken(), secretToken());
      const error = await fails(call(server, { token }), { kind: "http", outcome: "rejected" });
      assert.equal(error.status, 401);
      assert.equal(token.calls, 2);
      assert.lengthOf(await tokensOf(server), 2);
    });

    test(`a fixed token is never sent again: ${name}`, async () => {
      const server = await scenario([{ status: 401, body: "{}" }, await good(name)]);
      await fails(call(server), { kind: "http", outcome: "rejected" });
      assert.lengthOf(await tokensOf(server), 1);
    });

    test(`only a 401 makes the provider be asked again: ${name}`, async () => {
      for (const status of [400, 403, 404, 407, 419, 500, 302, 200]) {
        const server = await scenario([
          { status, body: "<p>", headers: { Location: "/", "WWW-Authenticate": "Basic" } },
          await good(name),
        ]);
        const token = provider(secretToken(), secretToken());
        await fails(call(server, { token }), {});
        assert.equal(token.calls, 1, `calls after a ${status}`);
        assert.lengthOf(await tokensOf(server), 1, `requests after a ${status}`);
      }
    });

    test(`after a 401 an illegal token, none, or an exception ends the call as a 401, and nothing was made: ${name}`, async () => {
      for (const second of [
        () => "a\nb",
        () => "",
        () => undefined,
        () => {
          throw new Error("expired");
        },
        () => Promise.reject(new Error("expired")),
      ]) {
        const server = await scenario([{ status: 401, body: "{}" }, await good(name)]);
        let calls = 0;
        const error = await fails(call(server, { token: () => (calls++ === 0 ? secretToken() : second()) }), {
          kind: "http",
          outcome: "rejected",
        });
        assert.equal(error.status, 401);
        assert.lengthOf(await tokensOf(server), 1);
      }
    });

    test(`a provider is asked before anything is sent, but not when the options are illegal or the signal aborted: ${name}`, async () => {
      const fetch = stub(async () => new Response("null"));
      const token = provider(secretToken());
      await fails(call({ endpoint: host.origins[1] }, { fetch, token, projectId: "x" }), { kind: "invalid_argument" });
      await fails(call({ endpoint: host.origins[1] }, { fetch, token, signal: AbortSignal.abort() }), {
        kind: "aborted",
        outcome: "not_sent",
      });
      assert.equal(token.calls, 0);
      assert.lengthOf(fetch.calls, 0);
    });
  }

  test("for a delete that is repeated the provider is called once per attempt", async () => {
    const busy = { status: 503, headers: { "Retry-After": "0" } };
    const server = await scenario([busy, busy, { body: "null" }]);
    const tokens = [secretToken(), secretToken(), secretToken()];
    const token = provider(...tokens);
    await succeeds(remove(server, { token, retries: 2 }));
    assert.equal(token.calls, 3);
    assert.deepEqual(await tokensOf(server), tokens);
  });

  test("a 401 within repeated attempts is answered with another token once, in all", async () => {
    const busy = { status: 503, headers: { "Retry-After": "0" } };
    const server = await scenario([busy, { status: 401 }, { body: "null" }]);
    const tokens = [secretToken(), secretToken(), secretToken()];
    await succeeds(remove(server, { token: provider(...tokens), retries: 1 }));
    assert.deepEqual(await tokensOf(server), tokens);
    const refusing = await scenario({ status: 401 });
    const more = provider(...Array.from({ length: 9 }, () => secretToken()));
    await fails(remove(refusing, { token: more, retries: 5 }), { kind: "http" });
    assert.lengthOf(await tokensOf(refusing), 2);
  });

  test("a provider is called as a bare function with nothing", async () => {
    const seen = [];
    function token(...args) {
      seen.push([this, args]);
      return "token-of-a-provider";
    }
    await succeeds(remove({ endpoint: host.origins[1] }, { token, fetch: stub(async () => new Response("null")) }));
    assert.deepEqual(seen, [[undefined, []]]);
  });

  test("a provider that makes a call of its own does not disturb the first", async () => {
    const server = await scenario(await good("create"));
    const inner = await scenario({ body: "null" });
    await succeeds(
      create(server, {
        token: async () => {
          await remove(inner);
          return secretToken();
        },
      }),
    );
    assert.lengthOf(await tokensOf(server), 1);
    assert.lengthOf(await tokensOf(inner), 1);
  });

  test("a provider that aborts the call while it is asked after a 401 ends it", async () => {
    const server = await scenario([{ status: 401 }, await good("create")]);
    const controller = new AbortController();
    const asked = deferred();
    let calls = 0;
    const token = () => {
      calls += 1;
      if (calls === 1) return secretToken();
      asked.resolve();
      return new Promise(() => {});
    };
    const pending = create(server, { token, signal: controller.signal });
    pending.catch(() => {});
    await asked.promise;
    await task();
    controller.abort();
    await fails(pending, { kind: "aborted" });
    assert.lengthOf(await tokensOf(server), 1);
  });
});
