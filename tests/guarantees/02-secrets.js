import {
  assert,
  host,
  test,
  scenario,
  fails,
  succeeds,
  create,
  remove,
  CALLS,
  secretToken,
  secretText,
  keepSecret,
  currentSecrets,
  keyFile,
  fileAnswer,
  stub,
  to,
  PROJECT,
  bytesOf,
  DEADLINE,
} from "./kit.js";
import { detector } from "./leaks.js";
import { base64 } from "../support/zip.js";

const half = (text) => [text.slice(0, text.length / 2), text.slice(text.length / 2)];

describe("2. No secret in any output", () => {
  const hostile = {
    "a CR": "\r",
    "an LF": "\n",
    "a CR and LF with a header": "\r\nX-Injected: 1\r\n",
    "a NUL": "\0",
    "a tab": "\t",
    "a DEL": "\x7f",
    "a Latin-1 letter": "\u00e9",
    "a letter outside Latin-1": "\u0142",
    "an emoji": "\u{1f511}",
    "a lone high surrogate": "\ud83d",
    "a lone low surrogate": "\udd11",
    "a line separator": "\u2028",
    "a no-break space": "\u00a0",
    "a byte order mark": "\ufeff",
  };
  for (const [what, inserted] of Object.entries(hostile)) {
    for (const provided of [false, true]) {
      test(`a token with ${what} inside is never handed to fetch nor shown${provided ? ", from a provider" : ""}`, async () => {
        const fetch = stub(() => new Response("null"));
        const [start, end] = half(secretToken(2000));
        const token = start + inserted + end;
        for (const call of [create, remove]) {
          const error = await fails(
            call({ endpoint: host.origins[1] }, { fetch, token: provided ? () => token : token }),
            { kind: "invalid_argument", outcome: "not_sent" },
          );
          if (!provided)
            assert.include(
              error.issues.map(({ field }) => field),
              "token",
            );
        }
        assert.lengthOf(fetch.calls, 0);
      });
    }
  }

  for (const [what, make] of Object.entries({
    "a String object": (token) => new String(token),
    "an array": (token) => [token],
    bytes: (token) => new TextEncoder().encode(token),
    "an object that prints as it": (token) => ({ toString: () => token }),
    "a symbol": (token) => Symbol(token),
    "a token with more than 65,535 characters": () => secretToken(65_536),
    "a provider of a symbol": (token) => () => Symbol(token),
    "a provider of an object": (token) => () => ({ token }),
    "a provider of bytes": (token) => async () => new TextEncoder().encode(token),
  })) {
    test(`${what} as token is refused and not shown`, async () => {
      const fetch = stub(() => new Response("null"));
      await fails(create({ endpoint: host.origins[1] }, { fetch, token: make(secretToken()) }), {
        kind: "invalid_argument",
        outcome: "not_sent",
      });
      assert.lengthOf(fetch.calls, 0);
    });
  }

  // A page takes text without a scheme for a relative address.
  for (const field of [
    "projectId",
    "credentialId",
    ...(host.page ? [] : ["endpoint"]),
    "timeout",
    "signal",
    "fetch",
    "retries",
    "description",
  ]) {
    test(`a token given as ${field} by mistake is not shown`, async () => {
      const token = secretToken();
      const fetch = stub(() => new Response("null"));
      const more = { fetch, token, [field]: token };
      const error = await fails(
        field === "description"
          ? create({ endpoint: host.origins[1] }, more)
          : remove({ endpoint: host.origins[1] }, more),
        { kind: "invalid_argument", outcome: "not_sent" },
      );
      assert.include(
        error.issues.map((issue) => issue.field),
        field,
      );
      assert.lengthOf(fetch.calls, 0);
    });
  }

  for (const [what, endpoint] of Object.entries({
    "user info": (token) => `https://user:${encodeURIComponent(token)}@example.com`,
    query: (token) => `https://example.com/?token=${token}`,
    fragment: (token) => `https://example.com/#token=${token}`,
    host: (token) => `http://${token.replace(/[^a-z]/g, "")}.example/`,
    scheme: (token) => `${token.replace(/[^a-z]/g, "")}://example.com`,
    "malformed text": (token) => `http://[${token}`,
  })) {
    test(`a token in the endpoint's ${what} is not shown`, async () => {
      const letters = keepSecret(secretText(200, "abcdefghijklmnopqrstuvwxyz"));
      await fails(create({ endpoint: endpoint(letters) }, { token: secretToken() }), {
        kind: "invalid_argument",
        outcome: "not_sent",
      });
    });
  }

  test("a token as the name of an option is not shown", async () => {
    const token = secretToken();
    await fails(create({ endpoint: host.origins[1] }, { token, [token]: true }), {
      kind: "invalid_argument",
      outcome: "not_sent",
    });
  });

  const forms = {
    whole: "{{token}}",
    "a part": "{{token:100:180}}",
    "its start": "{{token:0:40}}",
    "in the middle of text": "before {{token:7:60}} after",
    "escaped as \\u": "{{token.json}}",
    "with escaped slashes": "{{token.slash}}",
    twice: "{{token}} and {{token}}",
  };
  const places = {
    message: (echo) => `{"code":400,"error_code":"BCS.03400001","error_msg":"Invalid request.","message":"${echo}"}`,
    error_msg: (echo) => `{"code":400,"error_code":"BCS.03400001","error_msg":"${echo}","message":"x"}`,
    error_code: (echo) => `{"code":400,"error_code":"${echo}","error_msg":"x","message":"x"}`,
    code: (echo) => `{"code":"${echo}","error_code":"BCS.03400001","error_msg":"x","message":"x"}`,
    request_id: (echo) => `{"error_msg":"x","error_code":"APIGW.0301","request_id":"${echo}"}`,
    "IAM's message": (echo) => `{"error":{"code":401,"message":"${echo}","title":"${echo}"}}`,
    errorMsg: (echo) => `{"errorCode":"${echo}","errorMsg":"${echo}"}`,
    "a field of its own": (echo) => `{"${echo}":"${echo}","code":400,"message":"x"}`,
    "nested objects": (echo) => `{"code":{"x":"${echo}"},"message":["${echo}"],"error_msg":{"a":["${echo}"]}}`,
    "a JSON string": (echo) => `"${echo}"`,
    "JSON cut short": (echo) => `{"code":400,"message":"${echo}`,
    "broken JSON": (echo) => `{"message": ${echo}}`,
    HTML: (echo) => `<html><title>400 ${echo}</title><p>${echo}</p></html>`,
    "plain text": (echo) => echo,
  };
  for (const [place, make] of Object.entries(places)) {
    for (const [form, echo] of Object.entries(forms)) {
      test(`a server that echoes the token, ${form}, in ${place}, does not make it show`, async () => {
        for (const status of [400, 200]) {
          const server = await scenario({
            status,
            body: make(echo),
            headers: { "Content-Type": place === "HTML" ? "text/html" : "application/json" },
          });
          if (status === 400) await fails(create(server), { kind: "http", outcome: "rejected" });
          else await fails(create(server), { kind: "unexpected_response", outcome: "unknown", call: "create" });
          if (status === 400) await fails(remove(server), { kind: "http", outcome: "rejected" });
        }
      });
    }
  }

  test("a token of 65,535 characters works and is not shown when echoed", async () => {
    const server = await scenario([
      { status: 500, body: '{"message":"{{token}}","error_msg":"{{token:60000:65535}}"}' },
      { status: 401, body: "{{token}}" },
    ]);
    const token = secretToken(65_535);
    await fails(create(server, { token }), { kind: "http", outcome: "unknown", call: "create" });
    await fails(create(server, { token }), { kind: "http", outcome: "rejected", call: "create" });
    assert.equal((await server.log()).requests[0].headers["x-auth-token"], token);
  });

  test("a token cut by the limit on error bodies does not show", async () => {
    const server = await scenario({ status: 500, body: `{"message":"${"x".repeat(2000)}{{token}}{{token}}"}` });
    for (const maxErrorBytes of [2020, 2100, 4000, 8000]) {
      await fails(create(server, { maxErrorBytes }), { kind: "http", outcome: "unknown", call: "create" });
    }
  });

  for (const header of ["X-Request-Id", "Content-Disposition", "Retry-After", "Content-Type", "WWW-Authenticate"]) {
    for (const status of [400, 503, 200]) {
      test(`a server that echoes the token in ${header} of a ${status} does not make it show`, async () => {
        const value =
          header === "Content-Disposition" ? 'attachment; filename="{{token:0:90}}.zip"' : "{{token:0:1500}}";
        const server = await scenario({
          status,
          body: "no file",
          headers: { "Content-Type": "text/plain", [header]: value },
        });
        const error = await fails(create(server), {
          kind: status === 200 ? "unexpected_response" : "http",
          call: "create",
        });
        if (error.file) assert.isFalse(detector(currentSecrets())(error.file.name), "the token in the file's name");
      });
    }
  }

  test("a server that names the file after the token does not make it show", async () => {
    const { bytes } = await keyFile();
    for (const value of ['attachment; filename="{{token:0:90}}.zip"', "attachment; filename*=UTF-8''{{token:10:70}}"]) {
      const server = await scenario(fileAnswer(bytes, { headers: { "Content-Disposition": value } }));
      const file = await succeeds(create(server));
      assert.isFalse(detector(currentSecrets())(file.name), "the token in the file's name");
    }
  });

  for (const [what, write] of Object.entries({
    "percent-encoded": (name) =>
      `filename*=UTF-8''${[...name].map((c) => `%${c.charCodeAt(0).toString(16)}`).join("")}`,
    "escaped by backslashes": (name) => `filename="${[...name].map((c) => `\\${c}`).join("")}"`,
    "with invisible characters between": (name) => `filename*=UTF-8''${[...name].join("%E2%80%8B")}`,
  })) {
    test(`a server that names the file after the token, ${what}, does not make it show`, async () => {
      const { bytes } = await keyFile();
      const fetch = stub(({ get }) => {
        const name = new Headers(get("headers")).get("x-auth-token").slice(0, 40);
        return Promise.resolve(
          new Response(bytes, { headers: { "Content-Disposition": `attachment; ${write(name)}` } }),
        );
      });
      const file = await create(
        { endpoint: host.origins[1] },
        { fetch, token: secretText(100, "abcdefghijklmnopqrstuvwxyz") },
      );
      assert.isFalse(detector(currentSecrets())(file.name), "the token in the file's name");
    });
  }

  test("a server that echoes the token with invisible characters between does not make it show", async () => {
    for (const between of ["\u200b", "\u00ad", "\ufeff", "\u0000", "\n"]) {
      const fetch = stub(({ get }) => {
        const token = new Headers(get("headers")).get("x-auth-token");
        return Promise.resolve(new Response(JSON.stringify({ message: [...token].join(between) }), { status: 400 }));
      });
      await fails(create({ endpoint: host.origins[1] }, { fetch }), {
        kind: "http",
        outcome: "rejected",
        call: "create",
      });
    }
  });

  /** Answers with a 400 whose body is made of the token. */
  const echoing = (make) =>
    stub(async ({ get }) => {
      const token = new Headers(get("headers")).get("x-auth-token");
      return new Response(make(token), { status: 400 });
    });

  test("a server that echoes a token of digits as a number does not make it show", async () => {
    for (const digits of [13, 16, 21, 40]) {
      const token = keepSecret(`7${secretText(digits - 1, "123456789")}`);
      for (const name of ["code", "error_code", "error_msg", "message", "request_id"]) {
        const fetch = echoing((text) => `{"${name}":${text}}`);
        await fails(create({ endpoint: host.origins[1] }, { fetch, token }), { kind: "http", outcome: "rejected" });
      }
    }
  });

  test("a token with spaces does not show when a server echoes other white space in their place", async () => {
    const words = Array.from({ length: 12 }, () => secretText(4));
    const token = keepSecret(words.join(" "));
    for (const space of [
      "\u00a0",
      "\u2003",
      "\u3000",
      "\u1680",
      "\t",
      "\r\n",
      "\u200b",
      "\u200b \ufeff",
      "\u2028",
      "  ",
    ]) {
      const fetch = echoing((text) => JSON.stringify({ error_code: "E", message: text.replaceAll(" ", space) }));
      const error = await fails(create({ endpoint: host.origins[1] }, { fetch, token }), { kind: "http" });
      assert.isFalse(
        words.some((word) => error.message.includes(word)),
        "a word of the token in the message",
      );
    }
  });

  test("two short pieces of a token, which the message puts side by side, do not make one of it", async () => {
    const found = (text) => detector(currentSecrets())(text.replace(/[^!-~]/g, ""));
    for (const mark of ["", ":", ": ", ",", ", ", " "]) {
      const [start, end] = [secretText(8), secretText(8)];
      const token = keepSecret(`${start}${mark}${end}${secretText(40)}`);
      const fetch = echoing(() => JSON.stringify({ error_code: start, error_msg: end, message: start }));
      const error = await fails(create({ endpoint: host.origins[1] }, { fetch, token }), { kind: "http" });
      assert.isFalse(found(error.message), "a piece of the token in the message");
      const cause = new Error(start, { cause: new Error(end) });
      const { cause: copy } = await fails(
        create({ endpoint: host.origins[1] }, { token, fetch: stub(() => Promise.reject(cause)) }),
        { kind: "network" },
      );
      assert.isFalse(found(copy.message), "a piece of the token in the cause");
    }
  });

  test("a server that echoes the token of the attempt before does not make it show", async () => {
    const server = await scenario([
      { status: 401, body: "{}" },
      { status: 400, body: '{"message":"{{token.previous}} then {{token}}"}' },
    ]);
    const tokens = [secretToken(), secretToken()];
    await fails(create(server, { token: () => tokens.shift() }), { kind: "http", outcome: "rejected" });
    assert.lengthOf((await server.log()).requests, 2);
  });

  test("of two tokens that begin alike, as signed ones do, neither shows when echoed", async () => {
    const body = '{"message":"{{token.previous}}","error_msg":"{{token}}"}';
    const server = await scenario([
      { status: 401, body: "{}" },
      { status: 400, body },
    ]);
    const start = secretText(100);
    const tokens = [secretText(200), secretText(200)].map((end) => keepSecret(start + end));
    await fails(create(server, { token: () => tokens.shift() }), { kind: "http", outcome: "rejected" });
    assert.lengthOf((await server.log()).requests, 2);
  });

  test("a provider that quotes an earlier token when it throws does not make it show", async () => {
    const server = await scenario({ status: 401, body: "{}" });
    const token = secretToken();
    let calls = 0;
    const provider = () => {
      calls += 1;
      if (calls === 1) return token;
      throw Object.assign(new Error(`cannot refresh ${token}`), { token, code: token, name: token });
    };
    await fails(create(server, { token: provider }), { outcome: ["not_sent", "rejected"] });
  });

  for (const [what, thrown] of Object.entries({
    "an Error": (token) => Object.assign(new TypeError(`bad header ${token}`), { code: token, headers: { token } }),
    "an Error with a chain of causes": (token) => new Error("outer", { cause: new Error(token, { cause: { token } }) }),
    "an AggregateError": (token) => new AggregateError([new Error(token)], token),
    text: (token) => `bad header ${token}`,
    "an object": (token) => ({ message: token, [token]: token, toString: () => token }),
    "a symbol": (token) => Symbol(token),
    "a function": (token) => Object.assign(() => token, { message: token }),
    "an error whose name is it": (token) => Object.assign(new Error("x"), { name: token }),
  })) {
    test(`a fetch that rejects with ${what} that quotes the token does not make it show`, async () => {
      const fetch = stub(({ get }) => Promise.reject(thrown(new Headers(get("headers")).get("x-auth-token"))));
      for (const [name, call] of CALLS) {
        await fails(call({ endpoint: host.origins[1] }, { fetch }), {
          kind: ["network", "internal"],
          outcome: "unknown",
          call: name,
        });
      }
    });
  }

  test("a body stream that fails with the token in its error does not make it show", async () => {
    const fetch = stub(({ get }) => {
      const token = new Headers(get("headers")).get("x-auth-token");
      return Promise.resolve(
        new Response(new ReadableStream({ pull: (controller) => controller.error(new Error(token)) })),
      );
    });
    await fails(create({ endpoint: host.origins[1] }, { fetch }), {
      kind: "unexpected_response",
      outcome: "unknown",
      call: "create",
    });
  });

  for (const [what, change] of Object.entries({
    "cut short": (bytes) => bytes.slice(0, -30),
    "with a wrong signature": (bytes) => bytes.map((byte, at) => (at === 0 ? 0x51 : byte)),
  })) {
    test(`a key file ${what} does not make its secret show, and stays reachable`, async () => {
      const { bytes } = await keyFile();
      const broken = change(bytes);
      const server = await scenario(fileAnswer(broken));
      const error = await fails(create(server), { kind: "unexpected_response", outcome: "unknown", call: "create" });
      assert.instanceOf(error.file, Blob);
      assert.deepEqual([...(await bytesOf(error.file))], [...broken]);
      assert.notProperty(JSON.parse(JSON.stringify({ ...error })), "file", "the file is not listed");
    });
  }

  test("a key's secret in JSON, text and CSV with status 200 does not show", async () => {
    const { csv, secret } = await keyFile();
    for (const body of [
      csv,
      `{"key":"${secret}"}`,
      `{"key":"${secret}`,
      `${secret}`,
      `{${secret}}`,
      `<p>${secret}</p>`,
    ]) {
      const server = await scenario({ body, headers: { "Content-Type": "application/json" } });
      await fails(create(server), { kind: "unexpected_response", outcome: "unknown", call: "create" });
      await remove(server).catch((error) =>
        fails(Promise.reject(error), { kind: "unexpected_response", outcome: "unknown" }),
      );
    }
  });

  test("a created file prints without its bytes", async () => {
    const { bytes, secret } = await keyFile();
    const server = await scenario(fileAnswer(bytes));
    const file = await succeeds(create(server));
    const found = detector([secret]);
    assert.isFalse(found(String(file)) || found(JSON.stringify(file) ?? "") || found(host.inspect?.(file) ?? ""));
  });

  test("nothing shows the token while and after calls succeed, fail, time out and are aborted", async () => {
    const { bytes } = await keyFile();
    const stalled = await scenario({ stop: { at: "status", how: "stall" } });
    await succeeds(create(await scenario(fileAnswer(bytes))));
    await fails(create(stalled, { timeout: DEADLINE }), { kind: "timeout", outcome: "unknown", call: "create" });
    const controller = new AbortController();
    const call = create(stalled, { signal: controller.signal });
    await stalled.wait({ requests: 2 });
    controller.abort();
    await fails(call, { kind: "aborted", outcome: "unknown", call: "create" });
  });

  test("an abort's reason is the caller's own, and the rest of the error shows nothing", async () => {
    const token = secretToken();
    const reason = new Error(`mine: ${token}`);
    const signal = AbortSignal.abort(reason);
    const error = await fails(create({ endpoint: host.origins[1] }, { token, signal }), {
      kind: "aborted",
      outcome: "not_sent",
      skip: [reason],
    });
    assert.strictEqual(error.cause, reason);
  });

  test("with a text as an abort's reason, message and stack still show nothing", async () => {
    const token = secretToken();
    const found = detector([token]);
    const error = await create({ endpoint: host.origins[1] }, { token, signal: AbortSignal.abort(token) }).catch(
      (thrown) => thrown,
    );
    assert.strictEqual(error.cause, token);
    assert.isFalse(found(error.message) || found(error.stack) || found(JSON.stringify(error)) || found(String(error)));
  });

  test("a token that cannot be told from ordinary text does not blank the error", async () => {
    const server = await scenario({
      status: 400,
      body: '{"code":400,"error_code":"BCS.03400001","error_msg":"Invalid request.","message":"unmarshal request data error"}',
    });
    const error = await fails(create(server, { token: "e" }), { kind: "http", outcome: "rejected" });
    assert.equal(error.errorCode, "BCS.03400001");
    assert.equal(error.detail, "unmarshal request data error");
  });

  for (const [what, broken] of Object.entries({
    "cut short": (bytes) => bytes.slice(0, -10),
    "no ZIP": (bytes) => bytes.slice(4),
  })) {
    test(`readCredentials of a file that is ${what} quotes nothing of it`, async () => {
      const { bytes } = await keyFile();
      await fails(host.pkg.readCredentials(new Blob([broken(bytes)])), {
        kind: "invalid_argument",
        outcome: "not_sent",
      });
    });
  }

  test("option values are never kept on the error", async () => {
    const description = keepSecret(secretText(90));
    const server = await scenario({ status: 500, body: "{}" });
    await fails(create(server, { description }), { kind: "http", outcome: "unknown" });
    await fails(host.pkg.createApiKey({ ...to(server, { description }), projectId: PROJECT.slice(1) }), {
      kind: "invalid_argument",
    });
  });

  test("bytes of the token sent back as a file stay out of the error", async () => {
    const token = secretToken();
    const server = await scenario({ base64: base64(new TextEncoder().encode(token)) });
    await fails(create(server, { token }), { kind: "unexpected_response", outcome: "unknown", call: "create" });
  });
});
