import {
  assert,
  host,
  task,
  test,
  scenario,
  fails,
  succeeds,
  create,
  remove,
  CALLS,
  stub,
  patch,
  onEnd,
  never,
  keyFile,
  fileAnswer,
  bytesOf,
  sameBytes,
  to,
  CREDENTIAL,
  PROJECT,
} from "./kit.js";

const where = () => ({ endpoint: host.origins[1] });
const throwing = (thrown) => {
  throw thrown;
};
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const hostileObject = () =>
  new Proxy(
    {},
    {
      get() {
        throw new Error("get");
      },
      has() {
        throw new Error("has");
      },
      getPrototypeOf() {
        throw new Error("proto");
      },
      ownKeys() {
        throw new Error("keys");
      },
      getOwnPropertyDescriptor() {
        throw new Error("descriptor");
      },
    },
  );

/** A plain object that looks like a Response as far as reading it needs. */
const duck = (bytes, more = {}) => ({
  status: 200,
  ok: true,
  type: "basic",
  url: "",
  redirected: false,
  headers: { get: () => null },
  body: {
    getReader: () => {
      let at = 0;
      return {
        read: async () => (at++ === 0 ? { done: false, value: bytes } : { done: true }),
        cancel: async () => {},
        releaseLock() {},
      };
    },
    cancel: async () => {},
  },
  arrayBuffer: async () => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  ...more,
});

describe("11. Every call settles", () => {
  // Each a fetch that some host has; the call must reject, and may not claim that nothing was sent.
  const hosts = {
    "throws an Error": () => throwing(new Error("no")),
    "throws a text": () => throwing("no"),
    "throws null": () => throwing(null),
    "throws undefined": () => throwing(undefined),
    "throws a hostile object": () => throwing(hostileObject()),
    "returns undefined": () => undefined,
    "returns null": () => null,
    "returns a number": () => 7,
    "returns a text": () => "200",
    "returns a plain object": () => ({}),
    "returns a symbol": () => Symbol("response"),
    "resolves with undefined": async () => undefined,
    "resolves with null": async () => null,
    "resolves with a text": async () => "text",
    "resolves with a plain object": async () => ({}),
    "resolves with a function": async () => () => {},
    "resolves with an object without a prototype": async () => Object.create(null),
    "resolves with a revoked proxy": async () => ({
      get status() {
        throw revoked();
      },
    }),
    "resolves with a hostile object": () =>
      Promise.resolve(new Proxy({}, { get: (_, name) => (name === "then" ? undefined : throwing(new Error("get"))) })),
    "rejects with an Error": () => Promise.reject(new TypeError("fetch failed")),
    "rejects with a text": () => Promise.reject("no"),
    "rejects with null": () => Promise.reject(null),
    "rejects with undefined": () => Promise.reject(undefined),
    "rejects with an object": () => Promise.reject({ code: "E", message: 1 }),
    "rejects with a number": () => Promise.reject(0),
    "rejects with a symbol": () => Promise.reject(Symbol("no")),
    "rejects with a hostile object": () => Promise.reject(hostileObject()),
    "rejects with a revoked proxy": () => Promise.reject(revoked()),
    "rejects with a function": () => Promise.reject(() => {}),
    "rejects with an error whose message throws": () =>
      Promise.reject(
        Object.defineProperty(new Error("x"), "message", {
          get() {
            throw new Error("message");
          },
        }),
      ),
    "rejects with an error that is its own cause": () => {
      const error = new Error("loop");
      error.cause = error;
      return Promise.reject(error);
    },
    "rejects with an error of odd fields": () =>
      Promise.reject(
        Object.assign(new Error("x"), {
          name: 5,
          code: Symbol("code"),
          message: {
            toString() {
              throw new Error("text");
            },
          },
        }),
      ),
    "rejects with a frozen error": () => Promise.reject(Object.freeze(new Error("x"))),
    "returns a thenable that throws": () => ({
      then() {
        throw new Error("then");
      },
    }),
    "returns a thenable whose then is a throwing getter": () => ({
      get then() {
        throw new Error("then");
      },
    }),
    "returns a thenable that rejects with null": () => ({ then: (_, reject) => reject(null) }),
    "returns a thenable that settles twice": () => ({
      then(resolve, reject) {
        resolve({});
        reject(new Error("twice"));
      },
    }),
    "answers with a status that throws": async () =>
      Object.defineProperty(new Response("x"), "status", {
        get() {
          throw new Error("status");
        },
      }),
    "answers with headers that throw": async () =>
      duck(new Uint8Array(4), {
        headers: {
          get() {
            throw new Error("headers");
          },
        },
      }),
    "answers with headers missing": async () => duck(new Uint8Array(4), { headers: undefined }),
    "answers with headers of other types": async () => duck(new Uint8Array(4), { headers: { get: () => ({}) } }),
    "answers with a status as text": async () => duck(new Uint8Array(4), { status: "abc" }),
    "answers with status NaN": async () => duck(new Uint8Array(4), { status: NaN }),
    "answers with status -1": async () => duck(new Uint8Array(4), { status: -1 }),
    "answers with status 0": async () => duck(new Uint8Array(4), { status: 0 }),
    "answers with status 2 ** 40": async () => duck(new Uint8Array(4), { status: 2 ** 40 + 200 }),
    "answers with status 200.5": async () => duck(new Uint8Array(4), { status: 200.5 }),
    "answers with no body that can be read": async () =>
      duck(new Uint8Array(4), { body: undefined, arrayBuffer: undefined }),
    "answers with a body that is text": async () => duck(new Uint8Array(4), { body: "text" }),
    "answers with a reader that throws": async () =>
      duck(new Uint8Array(4), {
        body: {
          getReader() {
            throw new Error("locked");
          },
        },
      }),
    "answers with a reader that gives nothing": async () =>
      duck(new Uint8Array(4), {
        body: { getReader: () => ({ read: () => undefined, cancel() {}, releaseLock() {} }) },
      }),
    "answers with a reader that throws null": async () =>
      duck(new Uint8Array(4), {
        body: {
          getReader: () => ({
            read: () => throwing(null),
            cancel: () => throwing(null),
            releaseLock: () => throwing(null),
          }),
        },
      }),
    "answers with a reader of texts": async () => duck("text"),
    "answers with a reader of null": async () => duck(null),
    "answers with a reader of numbers": async () => duck([1, 2, 3]),
    "answers with an error of its own": async () => Response.error(),
    "answers with a body that was read": async () => {
      const response = new Response("x");
      await response.text();
      return response;
    },
    "answers with a body that is locked": async () => {
      const response = new Response("x");
      response.body.getReader();
      return response;
    },
    "answers with a stream that errors with an Error": async () =>
      new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(new Uint8Array([80]));
          },
          pull(controller) {
            controller.error(new Error("broken"));
          },
        }),
      ),
    "answers with a stream that errors with null": async () =>
      new Response(new ReadableStream({ pull: (controller) => controller.error(null) })),
    "answers with a stream that errors with a text": async () =>
      new Response(new ReadableStream({ pull: (controller) => controller.error("broken") })),
    "answers with a stream that errors with an object": async () =>
      new Response(new ReadableStream({ pull: (controller) => controller.error({ token: 1 }) })),
    "answers with a stream of texts": async () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            controller.enqueue("text");
            controller.close();
          },
        }),
      ),
    "answers with a stream of detached buffers": async () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            const piece = new Uint8Array(8);
            structuredClone(piece.buffer, { transfer: [piece.buffer] });
            controller.enqueue(piece);
            controller.close();
          },
        }),
      ),
    "answers with a stream of empty pieces": async () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            controller.enqueue(new Uint8Array());
            controller.close();
          },
        }),
      ),
  };
  for (const [what, fetch] of Object.entries(hosts)) {
    test(`a fetch that ${what}: an ApiKeyError, and the next call works`, async () => {
      for (const [name, call] of CALLS) {
        // An empty body is a success of a delete, so what reads as one may be taken for it.
        const mayWork = name === "delete" && /empty pieces|reader of null|detached|no body/.test(what);
        const pending = call(where(), { fetch: stub(fetch), timeout: 5000 });
        if (
          mayWork &&
          (await pending.then(
            () => true,
            () => false,
          ))
        )
          continue;
        const error = await fails(pending, {
          kind: ["network", "internal", "unexpected_response", "http"],
          outcome: "unknown",
          call: name,
        });
        assert.notEqual(error.kind, "timeout");
      }
      await succeeds(remove(where(), { fetch: stub(async () => new Response("null")) }));
    });
  }

  test("no fetch at all: internal/not_sent, and the next call works", async () => {
    for (const missing of [undefined, null, "fetch", {}]) {
      const restore = patch(globalThis, "fetch", missing);
      await fails(create(where()), { kind: "internal", outcome: "not_sent" });
      await fails(remove(where()), { kind: "internal", outcome: "not_sent" });
      restore();
    }
    await succeeds(remove(await scenario({ body: "null" })));
  });

  test("a Response made by hand, whose url is empty, works", async () => {
    const { bytes } = await keyFile();
    const response = new Response(bytes, { headers: { "Content-Disposition": 'attachment; filename="a.zip"' } });
    assert.equal(response.url, "");
    const file = await succeeds(create(where(), { fetch: stub(async () => response) }));
    sameBytes(await bytesOf(file), bytes);
    assert.equal(file.name, "a.zip");
    await succeeds(remove(where(), { fetch: stub(async () => new Response(null, { status: 204 })) }));
    await fails(remove(where(), { fetch: stub(async () => new Response('{"code":400}', { status: 400 })) }), {
      kind: "http",
      outcome: "rejected",
    });
  });

  test("a duck-typed Response works or is an ApiKeyError, and never loses bytes without a word", async () => {
    const { bytes } = await keyFile();
    for (const response of [
      duck(bytes),
      duck(bytes, { body: undefined }),
      duck(bytes, { body: null }),
      Object.freeze(duck(bytes)),
    ]) {
      const result = await create(where(), { fetch: stub(async () => response) }).catch((error) => error);
      if (result instanceof host.pkg.ApiKeyError) assert.equal(result.outcome, "unknown");
      else sameBytes(await bytesOf(result), bytes);
    }
  });

  test("no File at all: a create asks for no token and sends nothing, and a delete works", async () => {
    const asked = [];
    const body = { getReader: () => ({ read: async () => ({ done: true }), cancel() {} }) };
    const fetch = stub(async () => ({ status: 200, body }));
    const token = () => {
      asked.push("token");
      return "token";
    };
    patch(globalThis, "File", undefined);
    const error = await fails(create(where(), { fetch, token }), {
      kind: "internal",
      outcome: "not_sent",
      call: "create",
    });
    assert.include(error.message, "File");
    assert.deepEqual([asked, fetch.calls], [[], []]);
    await succeeds(remove(where(), { fetch, token }));
    assert.lengthOf(fetch.calls, 1);
  });

  test("a fetch that returns its Response without a promise works or is an ApiKeyError", async () => {
    await remove(where(), { fetch: stub(() => new Response("null")) }).catch((error) =>
      assert.isTrue(host.pkg.isApiKeyError(error)),
    );
  });

  test("a fetch that is the platform's own works when it is handed over", async () => {
    await succeeds(remove(await scenario({ body: "null" }), { fetch: globalThis.fetch }));
  });

  test("a fetch of the caller's is called as a bare function", async () => {
    const fetch = stub(async () => new Response("null"));
    await succeeds(remove(where(), { fetch }));
    assert.include([undefined, globalThis], fetch.calls[0].self);
  });

  test("an answer whose body cannot be read is refused by what it lacks, and not taken for empty", async () => {
    const { bytes } = await keyFile();
    const ways = ["blob", "text", "json"].map((way) => ({ [way]: async () => bytes }));
    for (const more of [...[{}, "text", bytes, { cancel() {} }, { pipeTo() {} }].map((body) => ({ body })), ...ways]) {
      const answer = { status: 200, headers: { get: () => null }, ...more };
      for (const [name, call] of CALLS) {
        const error = await fails(call(where(), { fetch: stub(async () => answer) }), {
          kind: "unexpected_response",
          outcome: "unknown",
          call: name,
        });
        assert.include(error.message, "body.getReader()");
      }
    }
  });

  // What a host may lack, or a test environment take away.
  const LACKING = [
    "performance",
    "setTimeout",
    "clearTimeout",
    "setInterval",
    "queueMicrotask",
    "setImmediate",
    "AbortController",
    "AbortSignal",
    "Headers",
    "Request",
    "Response",
    "Blob",
    "File",
    "FileReader",
    "FormData",
    "ReadableStream",
    "DecompressionStream",
    "TextDecoder",
    "TextEncoder",
    "URL",
    "URLSearchParams",
    "DOMException",
    "Event",
    "EventTarget",
    "atob",
    "crypto",
    "structuredClone",
    "FinalizationRegistry",
    "WeakRef",
    "Intl",
    "process",
    "Buffer",
    "console",
  ];
  for (const name of LACKING) {
    test(`where there is no ${name}, every call works or says what is certain, cold and warm`, async () => {
      const { bytes } = await keyFile();
      // Chromium has room for the memories of a hundred modules, and a page never lets go of one.
      const [cold, warm] = [await host.freshPackage(), host.page ? host.pkg : await host.freshPackage()];
      await warm.init();
      const signal = { aborted: false, addEventListener() {}, removeEventListener() {} };
      for (const pkg of [cold, warm]) {
        const text = (given) => new TextEncoder().encode(given);
        // A body that needs nothing of the global object to end.
        const answerOf = (body) =>
          new Response(
            new ReadableStream({
              start(controller) {
                controller.enqueue(body);
                controller.close();
              },
            }),
          );
        const answers = {
          POST: answerOf(bytes),
          DELETE: answerOf(text("null")),
          GET: answerOf(text('{"credentials":[]}')),
        };
        const file = new Blob([bytes]);
        const options = { endpoint: host.origins[1], projectId: PROJECT, token: () => "token", signal };
        const fetch = async (_, { method }) => answers[method];
        const ended = [];
        const end = (call) =>
          call().then(
            () => ended.push("worked"),
            (error) => ended.push(`${error.name} ${error.kind}/${error.outcome}: ${error.message}`),
          );
        const restore = patch(globalThis, name, undefined);
        try {
          await end(() => pkg.createApiKey({ ...options, fetch }));
          await end(() => pkg.deleteApiKey({ ...options, fetch, credentialId: CREDENTIAL }));
          await end(() => pkg.listApiKeys({ ...options, fetch }));
          await end(() => pkg.readCredentials(file));
          await end(() => pkg.createApiKey({ ...options, projectId: "x" }));
          await end(() => pkg.init());
        } finally {
          restore();
        }
        assert.lengthOf(ended, 6);
        for (const how of ended) {
          assert.match(how, /^worked$|^ApiKeyError (internal|invalid_argument)\/(not_sent|unknown): (\w+) /);
          assert.notInclude(how, "undefined");
        }
        if (["performance", "setTimeout", "clearTimeout", "queueMicrotask", "AbortController"].includes(name))
          assert.deepEqual([ended.slice(0, 4), ended[5]], [Array(4).fill("worked"), "worked"]);
      }
    });
  }

  test("imported where Error.prototype is frozen, calls fail as elsewhere", async () => {
    const told = await host.worker("frozen-errors", {
      packageUrl: host.packageUrl,
      wrong: to(where(), { projectId: "x" }),
      lost: to({ endpoint: host.refused }),
    });
    assert.deepEqual(told, {
      isFrozen: true,
      wrong: { name: "ApiKeyError", kind: "invalid_argument", outcome: "not_sent", isApiKeyError: true },
      lost: { name: "ApiKeyError", kind: "network", outcome: "unknown", isApiKeyError: true },
    });
  });

  test("a signal of a foreign class, which fetch refuses, is left out, and the call still has its deadline", async () => {
    const signals = [];
    const answers = [async () => new Response("null"), never];
    const fetch = stub(({ init }) => {
      signals.push(init.signal);
      if (init.signal)
        throw new TypeError(`RequestInit: Expected signal ("AbortSignal {}") to be an instance of AbortSignal.`);
      return answers.shift()();
    });
    await succeeds(remove(where(), { fetch }));
    assert.deepEqual(signals.map(Boolean), [true, false]);
    await fails(remove(where(), { fetch, timeout: 50 }), { kind: "timeout", outcome: "unknown" });
  });

  test("a fetch that spreads the headers it is given sends the token", async () => {
    const server = await scenario({ body: "null" });
    const token = "spread-token";
    const fetch = (url, init) => globalThis.fetch(url, { ...init, headers: { ...init.headers, "X-Request-Id": "1" } });
    // A page's preflight allows no other header.
    if (!host.page) await succeeds(remove(server, { fetch, token }));
    const seen = stub(async () => new Response("null"));
    await succeeds(
      remove(where(), { token, fetch: (url, init) => seen(url, { ...init, headers: { ...init.headers } }) }),
    );
    assert.equal(new Headers(seen.calls[0].init.headers).get("x-auth-token"), token);
  });

  const options = {
    nothing: undefined,
    null: null,
    "a text": "options",
    "a number": 5,
    "a symbol": Symbol("options"),
    "an empty object": {},
    "an array": [],
    "a function": () => {},
    "a promise": Promise.resolve({}),
    "a map": new Map(),
    "a class": class {},
    "an object without a prototype": Object.create(null),
    true: true,
    "a bigint": 5n,
    "a date": new Date(0),
  };
  for (const [what, value] of Object.entries(options)) {
    test(`options that are ${what}: invalid_argument/not_sent`, async () => {
      await fails(host.pkg.createApiKey(value), { kind: "invalid_argument", outcome: "not_sent" });
      await fails(host.pkg.deleteApiKey(value), { kind: "invalid_argument", outcome: "not_sent" });
    });
  }

  test("options that are a hostile or revoked proxy: an ApiKeyError, nothing sent", async () => {
    for (const value of [revoked(), hostileObject()]) {
      await fails(host.pkg.createApiKey(value), { kind: ["invalid_argument", "internal"], outcome: "not_sent" });
      await fails(host.pkg.deleteApiKey(value), { kind: ["invalid_argument", "internal"], outcome: "not_sent" });
    }
  });

  for (const name of [
    "endpoint",
    "projectId",
    "credentialId",
    "token",
    "signal",
    "timeout",
    "fetch",
    "retries",
    "maxFileBytes",
    "maxErrorBytes",
    "description",
  ]) {
    test(`a getter on ${name} that throws: invalid_argument/not_sent, whatever it throws`, async () => {
      for (const thrown of [new Error("getter"), "text", null, undefined, hostileObject()]) {
        const fetch = stub(async () => new Response("null"));
        const given =
          name === "description" ? to(where(), { fetch }) : to(where(), { fetch, credentialId: "x".repeat(36) });
        Object.defineProperty(given, name, {
          enumerable: true,
          get() {
            throw thrown;
          },
        });
        await fails(name === "description" ? host.pkg.createApiKey(given) : host.pkg.deleteApiKey(given), {
          kind: "invalid_argument",
          outcome: "not_sent",
        });
        assert.lengthOf(fetch.calls, 0);
      }
    });
  }

  for (const name of ["endpoint", "projectId", "credentialId", "description", "token"]) {
    for (const [what, value] of Object.entries({
      null: null,
      "a number": 5,
      "an object": {},
      "a symbol": Symbol("x"),
      "an array": ["x".repeat(36)],
      "a bigint": 5n,
      true: true,
      "a hostile object": hostileObject(),
      "an object that throws as text": {
        toString() {
          throw new Error("text");
        },
        valueOf() {
          throw new Error("value");
        },
      },
      "a String object": new String("x".repeat(36)),
    })) {
      test(`${name} of ${what}: invalid_argument/not_sent`, async () => {
        const fetch = stub(async () => new Response("null"));
        const call = name === "description" ? create : remove;
        const error = await fails(call(where(), { fetch, [name]: value }), {
          kind: "invalid_argument",
          outcome: "not_sent",
        });
        assert.include(
          error.issues.map(({ field }) => field),
          name,
        );
        assert.lengthOf(fetch.calls, 0);
      });
    }
  }

  test("a signal whose members throw is an ApiKeyError", async () => {
    for (const signal of [
      {
        get aborted() {
          throw new Error("aborted");
        },
        addEventListener() {},
        removeEventListener() {},
      },
      {
        aborted: false,
        addEventListener() {
          throw new Error("add");
        },
        removeEventListener() {},
      },
      hostileObject(),
    ]) {
      await fails(remove(where(), { signal, fetch: stub(async () => new Response("null")) }), {
        kind: ["invalid_argument", "internal"],
        outcome: "not_sent",
      });
    }
    const signal = {
      aborted: false,
      reason: undefined,
      addEventListener() {},
      removeEventListener() {
        throw new Error("remove");
      },
    };
    await remove(where(), { signal, fetch: stub(async () => new Response("null")) }).catch((error) =>
      assert.isTrue(host.pkg.isApiKeyError(error)),
    );
  });

  test("a signal that looks like one, from anywhere, aborts the call", async () => {
    const listeners = new Set();
    const signal = {
      aborted: false,
      reason: undefined,
      addEventListener: (_, listener) => listeners.add(listener),
      removeEventListener: (_, listener) => listeners.delete(listener),
    };
    const fetch = stub(never);
    const pending = create(where(), { fetch, signal });
    pending.catch(() => {});
    while (fetch.calls.length === 0) await task();
    Object.assign(signal, { aborted: true, reason: "foreign" });
    for (const listener of [...listeners]) (listener.handleEvent ?? listener).call(listener, { type: "abort" });
    const error = await fails(pending, { kind: "aborted", outcome: "unknown", call: "create" });
    assert.equal(error.cause, "foreign");
    assert.equal(listeners.size, 0);
  });

  test("a module that does not load: internal/not_sent, and the next call loads it", async () => {
    const pkg = await host.freshPackage();
    const original = host.pkg;
    onEnd(() => {
      host.pkg = original;
    });
    host.pkg = pkg;
    const broken = {
      Module: function Module() {
        throw new WebAssembly.CompileError("blocked");
      },
      Instance: function Instance() {
        throw new WebAssembly.LinkError("blocked");
      },
      instantiate: () => Promise.reject(new WebAssembly.CompileError("blocked")),
      instantiateStreaming: () => Promise.reject(new WebAssembly.CompileError("blocked")),
      compile: () => Promise.reject(new WebAssembly.CompileError("blocked")),
      compileStreaming: () => Promise.reject(new WebAssembly.CompileError("blocked")),
    };
    const restores = Object.entries(broken)
      .filter(([name]) => WebAssembly[name])
      .map(([name, value]) => patch(WebAssembly, name, value));
    const fetch = stub(async () => new Response("null"));
    await fails(remove(where(), { fetch }), { kind: "internal", outcome: "not_sent" });
    await fails(remove(where(), { fetch }), { kind: "internal", outcome: "not_sent" });
    assert.lengthOf(fetch.calls, 0);
    for (const restore of restores) restore();
    await succeeds(remove(where(), { fetch }));
    assert.lengthOf(fetch.calls, 1);
  });

  test("no WebAssembly at all: internal/not_sent, and the next call works", async () => {
    const pkg = await host.freshPackage();
    const original = host.pkg;
    onEnd(() => {
      host.pkg = original;
    });
    host.pkg = pkg;
    const fetch = stub(async () => new Response("null"));
    const restore = patch(globalThis, "WebAssembly", undefined);
    const error = await remove(where(), { fetch }).catch((thrown) => thrown);
    restore();
    await fails(Promise.reject(error), { kind: "internal", outcome: "not_sent" });
    await succeeds(remove(where(), { fetch }));
  });

  test("a signal whose members throw is an ApiKeyError in the first call of all, too", async () => {
    const signal = {
      get aborted() {
        throw new Error("aborted");
      },
      addEventListener() {
        throw new Error("add");
      },
      removeEventListener() {
        throw new Error("remove");
      },
    };
    const fresh = await host.freshPackage();
    const error = await fresh
      .deleteApiKey(to(where(), { signal, credentialId: CREDENTIAL, fetch: stub(async () => new Response("null")) }))
      .catch((thrown) => thrown);
    assert.equal(`${error.kind}/${error.outcome}`, "invalid_argument/not_sent");
    assert.deepEqual(
      error.issues.map(({ field }) => field),
      ["signal"],
    );
  });

  test("calls that start together while the module loads all settle", async () => {
    const original = host.pkg;
    onEnd(() => {
      host.pkg = original;
    });
    host.pkg = await host.freshPackage();
    const fetch = stub(async () => new Response("null"));
    const calls = Array.from({ length: 20 }, () => remove(where(), { fetch }));
    await Promise.all(calls);
    assert.lengthOf(fetch.calls, 20);
  });

  test("importing does nothing: the names of globalThis are the same before and after, and after a call", async () => {
    assert.deepEqual(
      host.globalsAfter.filter((name) => !host.globalsBefore.includes(name)),
      [],
    );
    await succeeds(remove(where(), { fetch: stub(async () => new Response("null")) }));
    assert.deepEqual(
      Object.keys(globalThis).filter((name) => !host.globalsOfTheRun.includes(name)),
      [],
    );
  });

  test("in a realm whose globalThis and intrinsics are frozen calls work and fail as elsewhere", async () => {
    const { bytes } = await keyFile();
    const good = await scenario(fileAnswer(bytes));
    const bad = await scenario({ status: 400, body: '{"code":400,"error_code":"BCS.03400001","message":"no"}' });
    const results = await host.worker("frozen", {
      packageUrl: host.packageUrl,
      good: to(good),
      bad: to(bad),
      refused: to({ endpoint: host.refused }),
    });
    assert.deepEqual(results.frozen, { intrinsics: true, globalThis: true });
    assert.equal(results.good, bytes.length);
    assert.deepEqual(results.bad, {
      kind: "http",
      outcome: "rejected",
      errorCode: "BCS.03400001",
      isApiKeyError: true,
    });
    assert.deepEqual(results.invalid, {
      kind: "invalid_argument",
      outcome: "not_sent",
      errorCode: undefined,
      isApiKeyError: true,
    });
    assert.equal(results.refused.kind, "network");
    assert.deepEqual(results.problems, []);
  });

  test("many calls at once, of all sorts, all settle and none takes the other's answer", async () => {
    const files = await Promise.all(Array.from({ length: 20 }, () => keyFile()));
    const calls = files.map(async ({ bytes }, n) => {
      if (n % 3 === 0)
        return fails(create(await scenario({ status: 400 + n, body: "{}" })), {}).then(({ status }) =>
          assert.equal(status, 400 + n),
        );
      return succeeds(create(await scenario(fileAnswer(bytes, { framing: "chunked", chunk: 40, drip: 1 })))).then(
        async (file) => sameBytes(await bytesOf(file), bytes),
      );
    });
    await Promise.all(calls);
  });

  test("a call made from within fetch, and from within a stream, settles", async () => {
    const fetch = stub(async () => {
      await remove(where(), { fetch: stub(async () => new Response("null")) });
      return new Response(
        new ReadableStream({
          async pull(controller) {
            await remove(where(), { fetch: stub(async () => new Response("null")) });
            controller.enqueue(new TextEncoder().encode("null"));
            controller.close();
          },
        }),
      );
    });
    await succeeds(remove(where(), { fetch }));
  });

  test("init may be called, often and at any time", async () => {
    await Promise.all([host.pkg.init(), host.pkg.init()]);
    assert.isUndefined(await host.pkg.init());
    const fresh = await host.freshPackage();
    assert.isUndefined(await fresh.init());
  });

  test("errors are told by a guard that takes anything", () => {
    const { isApiKeyError } = host.pkg;
    for (const value of [
      undefined,
      null,
      0,
      "x",
      {},
      [],
      new Error("x"),
      Symbol("x"),
      () => {},
      { kind: "http", outcome: "unknown" },
      revoked(),
      hostileObject(),
    ]) {
      assert.isFalse(isApiKeyError(value));
    }
  });

  describe("should the module trap", () => {
    /** The tests' package until the test ends: one that traps on purpose. */
    async function useTrapPackage() {
      const original = host.pkg;
      onEnd(() => {
        host.pkg = original;
      });
      host.pkg = await host.trapPackage();
    }

    for (const [when, description, requests] of [
      ["before sending", "trap", 0],
      ["after sending", "trap after sending", 1],
    ]) {
      test(`${when}: internal/unknown, and the next call works`, async () => {
        await useTrapPackage();
        const { bytes } = await keyFile();
        const server = await scenario(fileAnswer(bytes));
        for (let round = 0; round < 3; round += 1) {
          await fails(create(server, { description, timeout: 5000 }), {
            kind: "internal",
            outcome: "unknown",
            call: "create",
          });
          sameBytes(await bytesOf(await succeeds(create(server, { description: "no tr-p" }))), bytes);
        }
        assert.lengthOf((await server.log()).requests, 3 * (1 + requests));
      });
    }

    test("a call that is pending meanwhile settles too, and leaves no timer to settle it", async () => {
      await useTrapPackage();
      const { bytes } = await keyFile();
      const held = await scenario(fileAnswer(bytes, { stop: { at: "status", how: "hold" } }));
      const pending = create(held, { timeout: Infinity });
      pending.catch(() => {});
      await held.wait({ held: 1 });
      await fails(create(held, { description: "trap", timeout: 5000 }), {
        kind: "internal",
        outcome: "unknown",
        call: "create",
      });
      await held.release();
      const result = await pending.catch((error) => error);
      if (result instanceof Error) await fails(pending, { kind: "internal", outcome: "unknown", call: "create" });
      else sameBytes(await bytesOf(result), bytes);
    });

    test("many traps at once all settle, and show no secret", async () => {
      await useTrapPackage();
      const { bytes } = await keyFile();
      const server = await scenario(fileAnswer(bytes));
      const calls = Array.from({ length: 10 }, (_, n) =>
        create(server, { description: n % 2 ? "trap" : "trap after sending", timeout: 8000 }),
      );
      for (const call of calls) call.catch(() => {});
      for (const call of calls) await fails(call, { kind: "internal", outcome: "unknown", call: "create" });
      await succeeds(create(server));
    });
  });
});
