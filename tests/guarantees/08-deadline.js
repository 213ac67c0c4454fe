import {
  assert,
  host,
  platform,
  task,
  test,
  scenario,
  fails,
  succeeds,
  create,
  remove,
  CALLS,
  stub,
  onEnd,
  patch,
  deferred,
  never,
  keyFile,
  fileAnswer,
  DEADLINE,
  PROJECT,
  CREDENTIAL,
} from "./kit.js";

/** Counts the timers that are set and neither fired nor cleared. */
function countTimers() {
  const open = new Set();
  const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
  patch(globalThis, "setTimeout", (run, ...rest) => {
    const id = Reflect.apply(setTimeout, globalThis, [
      (...args) => {
        open.delete(id);
        return run(...args);
      },
      ...rest,
    ]);
    open.add(id);
    return id;
  });
  patch(globalThis, "clearTimeout", (id) => {
    open.delete(id);
    clearTimeout(id);
  });
  patch(globalThis, "setInterval", (...args) => {
    const id = setInterval(...args);
    open.add(id);
    return id;
  });
  patch(globalThis, "clearInterval", (id) => {
    open.delete(id);
    clearInterval(id);
  });
  // Such a timer cannot be cleared: it stays until it fires.
  patch(AbortSignal, "timeout", () => {
    open.add("AbortSignal.timeout");
    return new AbortController().signal;
  });
  return open;
}

/** Counts the listeners on `signal`. */
function countListeners(signal) {
  const open = new Map();
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const key = (type, listener, options) =>
    `${type}/${typeof options === "boolean" ? options : Boolean(options?.capture)}`;
  patch(EventTarget.prototype, "addEventListener", function (type, listener, options) {
    if (this === signal)
      open.set(listener, { key: key(type, listener, options), once: options?.once, signal: options?.signal });
    return Reflect.apply(addEventListener, this, [type, listener, options]);
  });
  patch(EventTarget.prototype, "removeEventListener", function (type, listener, options) {
    if (this === signal && open.get(listener)?.key === key(type, listener, options)) open.delete(listener);
    return Reflect.apply(removeEventListener, this, [type, listener, options]);
  });
  return () =>
    [...open.values()].filter(({ once, signal: ending }) => !(once && signal.aborted) && !ending?.aborted).length;
}

// Where a call may be when it ends: each gives the options and a promise of being there.
const STAGES = {
  "while the module loads": async () => {
    const pkg = await host.freshPackage();
    for (const name of ["instantiate", "instantiateStreaming", "compile", "compileStreaming"])
      if (WebAssembly[name]) patch(WebAssembly, name, never);
    return { pkg, options: { endpoint: host.origins[1], fetch: stub(never) }, reached: task(), outcome: "not_sent" };
  },
  "while the provider is asked": async () => ({
    options: { endpoint: host.origins[1], token: never },
    reached: task(),
    outcome: "not_sent",
  }),
  "before the headers": async () => staged({ stop: { at: "status", how: "stall" } }),
  "within the headers": async () => staged({ stop: { at: "headers", after: 12, how: "stall" } }),
  "before the body": async () => staged({ body: "0123456789", stop: { at: "body", how: "stall" } }),
  "within the body": async () => staged({ body: "0123456789", stop: { at: "body", after: 5, how: "stall" } }),
  "within the body of an error": async () =>
    staged({ status: 500, body: "0123456789", stop: { at: "body", after: 5, how: "stall" } }),
  "in a fetch that minds no signal": async () => ({
    options: { endpoint: host.origins[1], fetch: stub(never) },
    reached: task(),
    outcome: "unknown",
  }),
  "in a body that minds no signal": async () => ({
    options: {
      endpoint: host.origins[1],
      fetch: stub(async () => new Response(new ReadableStream({ pull: never, cancel: never }))),
    },
    reached: task(),
    outcome: "unknown",
  }),
  "in a provider that hands out a promise of another kind": async () => ({
    options: { endpoint: host.origins[1], token: () => ({ then() {} }) },
    reached: task(),
    outcome: "not_sent",
  }),
};

async function staged(answer) {
  const server = await scenario(answer);
  return { options: { endpoint: server.endpoint }, reached: server.wait({ held: 1 }), outcome: "unknown" };
}

/** Makes the call of a stage with more options, in the package of its own if it has one. */
function start(call, { pkg, options }, more) {
  if (!pkg) return call({}, { ...options, ...more });
  const original = host.pkg;
  host.pkg = pkg;
  try {
    return call({}, { ...options, ...more });
  } finally {
    host.pkg = original;
  }
}

async function failsIn({ pkg }, promise, expected) {
  const original = host.pkg;
  host.pkg = pkg ?? original;
  try {
    return await fails(promise, expected);
  } finally {
    host.pkg = original;
  }
}

describe("8. One deadline", () => {
  for (const [where, stage] of Object.entries(STAGES)) {
    for (const [name, call] of CALLS) {
      test(`a timeout ${where} is a timeout: ${name}`, async () => {
        const set = await stage();
        await failsIn(set, start(call, set, { timeout: DEADLINE }), {
          kind: "timeout",
          outcome: set.outcome,
          call: name,
        });
      });

      test(`an abort ${where} is an abort, told before a timer of the same moment: ${name}`, async () => {
        const set = await stage();
        const controller = new AbortController();
        const order = [];
        // Queued from a listener that was there first, so that it comes as early as a timer can.
        controller.signal.addEventListener("abort", () => platform.setTimeout(() => order.push("timer"), 0));
        const pending = start(call, set, { signal: controller.signal });
        const settled = pending.catch(() => order.push("rejection"));
        await set.reached;
        controller.abort();
        await settled;
        await task();
        await task();
        assert.deepEqual(order, ["rejection", "timer"]);
        await failsIn(set, pending, { kind: "aborted", outcome: set.outcome, call: name });
      });
    }

    test(`an abort or timeout ${where} leaves no timer and no listener`, async () => {
      for (const how of ["abort", "timeout"]) {
        const set = await stage();
        const controller = new AbortController();
        const timers = countTimers();
        const listeners = countListeners(controller.signal);
        const pending = start(create, set, {
          signal: controller.signal,
          timeout: how === "timeout" ? DEADLINE : 60_000,
        });
        pending.catch(() => {});
        if (how === "abort") {
          await set.reached;
          controller.abort();
        }
        await failsIn(set, pending, { kind: how === "abort" ? "aborted" : "timeout" });
        assert.equal(timers.size, 0, "timers");
        assert.equal(listeners(), 0, "listeners");
        assert.isNull(controller.signal.onabort);
      }
    });
  }

  for (const [what, make] of Object.entries({
    "a success": async () => fileAnswer((await keyFile()).bytes),
    "an HTTP error": async () => ({ status: 500, body: "{}" }),
    "a network error": async () => ({ stop: { at: "status", how: "reset" } }),
    "a redirect": async () => ({ status: 302, headers: { Location: "/" } }),
    "a broken body": async () => ({ body: "x", length: 10 }),
    "an unexpected body": async () => ({ body: "<p>" }),
  })) {
    test(`${what} leaves no timer and no listener`, async () => {
      const server = await scenario(await make());
      const controller = new AbortController();
      const timers = countTimers();
      const listeners = countListeners(controller.signal);
      await create(server, { signal: controller.signal, timeout: 60_000 }).catch(() => {});
      assert.equal(timers.size, 0, "timers");
      assert.equal(listeners(), 0, "listeners");
      controller.abort();
      await task();
    });
  }

  test("illegal arguments and a signal aborted before leave no timer and no listener", async () => {
    const controller = new AbortController();
    const timers = countTimers();
    const listeners = countListeners(controller.signal);
    await fails(create({ endpoint: "nonsense:" }, { signal: controller.signal }), { kind: "invalid_argument" });
    await fails(
      create(
        { endpoint: host.origins[1] },
        {
          signal: controller.signal,
          token() {
            throw new Error("none");
          },
        },
      ),
      { kind: "invalid_argument" },
    );
    controller.abort();
    await fails(create({ endpoint: host.origins[1] }, { signal: controller.signal }), { kind: "aborted" });
    assert.equal(timers.size, 0, "timers");
    assert.equal(listeners(), 0, "listeners");
  });

  test("the caller's signal never reaches fetch itself", async () => {
    const controller = new AbortController();
    const fetch = stub(async () => new Response("null"));
    await succeeds(remove({ endpoint: host.origins[1] }, { fetch, signal: controller.signal }));
    const given = fetch.calls[0].get("signal");
    assert.notStrictEqual(given, controller.signal);
    controller.abort();
    assert.isFalse(given?.aborted ?? false, "a call that has ended is not aborted");
  });

  test("the signal given to fetch is aborted when the call times out and when it is aborted", async () => {
    for (const how of ["abort", "timeout"]) {
      const controller = new AbortController();
      const fetch = stub(never);
      const pending = create(
        { endpoint: host.origins[1] },
        { fetch, signal: controller.signal, timeout: how === "timeout" ? 50 : 60_000 },
      );
      pending.catch(() => {});
      while (fetch.calls.length === 0) await task();
      if (how === "abort") controller.abort();
      await fails(pending, { kind: how === "abort" ? "aborted" : "timeout", outcome: "unknown", call: "create" });
      assert.isTrue(fetch.calls[0].get("signal").aborted);
    }
  });

  for (const [what, reason] of [
    ["a text", "stop"],
    ["null", null],
    ["a number", 0],
    ["an object", { why: "stop" }],
    ["an error", new RangeError("stop")],
    ["a frozen object", Object.freeze({})],
    ["a function", () => {}],
  ]) {
    test(`an abort whose reason is ${what} has it as its cause, before and after sending`, async () => {
      const before = await fails(create({ endpoint: host.origins[1] }, { signal: AbortSignal.abort(reason) }), {
        kind: "aborted",
        outcome: "not_sent",
      });
      assert.strictEqual(before.cause, reason);
      assert.property(before, "cause");
      const controller = new AbortController();
      const fetch = stub(
        ({ get }) =>
          new Promise((_, reject) => get("signal").addEventListener("abort", () => reject(get("signal").reason))),
      );
      const pending = create({ endpoint: host.origins[1] }, { fetch, signal: controller.signal });
      pending.catch(() => {});
      while (fetch.calls.length === 0) await task();
      controller.abort(reason);
      assert.strictEqual((await fails(pending, { kind: "aborted", outcome: "unknown", call: "create" })).cause, reason);
    });
  }

  test("a signal that timed out by itself is the caller's abort, not our timeout", async () => {
    const error = await fails(
      create({ endpoint: host.origins[1] }, { fetch: stub(never), signal: AbortSignal.timeout(50) }),
      { kind: "aborted" },
    );
    assert.equal(error.cause.name, "TimeoutError");
  });

  test("a fetch that rejects with an AbortError that nobody asked for is a network error", async () => {
    const fetch = stub(() => Promise.reject(new DOMException("aborted", "AbortError")));
    await fails(create({ endpoint: host.origins[1] }, { fetch }), {
      kind: "network",
      outcome: "unknown",
      call: "create",
    });
    const timed = stub(() => Promise.reject(new DOMException("timed out", "TimeoutError")));
    await fails(create({ endpoint: host.origins[1] }, { fetch: timed }), {
      kind: "network",
      outcome: "unknown",
      call: "create",
    });
  });

  test("an abort after the call has ended changes nothing, nor does an answer after the abort", async () => {
    const controller = new AbortController();
    const answer = deferred();
    const fetch = stub(() => answer.promise);
    const pending = create({ endpoint: host.origins[1] }, { fetch, signal: controller.signal });
    pending.catch(() => {});
    while (fetch.calls.length === 0) await task();
    controller.abort();
    await fails(pending, { kind: "aborted" });
    answer.resolve(new Response("late"));
    await task();
    assert.equal((await pending.catch((error) => error)).kind, "aborted");
  });

  test("a fetch that rejects after the call has ended is no unhandled rejection", async () => {
    const answer = deferred();
    await fails(create({ endpoint: host.origins[1] }, { fetch: stub(() => answer.promise), timeout: 50 }), {
      kind: "timeout",
    });
    answer.reject(new Error("late"));
    const provided = deferred();
    await fails(create({ endpoint: host.origins[1] }, { token: () => provided.promise, timeout: 50 }), {
      kind: "timeout",
      outcome: "not_sent",
    });
    provided.reject(new Error("late"));
    const token = deferred();
    const fetch = stub(async () => new Response("null"));
    await fails(remove({ endpoint: host.origins[1] }, { fetch, token: () => token.promise, timeout: 50 }), {
      kind: "timeout",
      outcome: "not_sent",
    });
    token.resolve("late");
    await task();
    await task();
    assert.lengthOf(fetch.calls, 0, "nothing is sent after the deadline");
  });

  for (const timeout of [0, -1, NaN, -Infinity, "100", null, {}, [100], 10n, true]) {
    test(`a timeout of ${typeof timeout} ${String(timeout)} is an illegal argument`, async () => {
      const fetch = stub(async () => new Response("null"));
      const error = await fails(remove({ endpoint: host.origins[1] }, { fetch, timeout }), {
        kind: "invalid_argument",
        outcome: "not_sent",
      });
      assert.include(
        error.issues.map(({ field }) => field),
        "timeout",
      );
      assert.lengthOf(fetch.calls, 0);
    });
  }

  for (const timeout of [Infinity, Number.MAX_VALUE, 2 ** 31, 2 ** 32 + 1, 4294968000, undefined, 30_000.5]) {
    test(`a timeout of ${timeout} does not overflow into one that is over at once`, async () => {
      const answer = deferred();
      const pending = remove({ endpoint: host.origins[1] }, { fetch: stub(() => answer.promise), timeout });
      pending.catch(() => {});
      await new Promise((resolve) => platform.setTimeout(resolve, 100));
      answer.resolve(new Response("null"));
      await succeeds(pending);
    });
  }

  test("without a timeout the deadline is 30 seconds, and Infinity sets no timer", async () => {
    for (const [timeout, expected] of [
      [undefined, [30_000]],
      [1234, [1234]],
      [Infinity, []],
    ]) {
      const set = [];
      const { setTimeout } = globalThis;
      const restore = patch(globalThis, "setTimeout", (run, ms, ...rest) => {
        set.push(ms);
        return Reflect.apply(setTimeout, globalThis, [run, ms, ...rest]);
      });
      await succeeds(remove({ endpoint: host.origins[1] }, { fetch: stub(async () => new Response("null")), timeout }));
      restore();
      assert.lengthOf(set, expected.length);
      // Time that the call has already used may be taken off.
      for (const [at, ms] of set.entries()) {
        assert.isTrue(ms <= expected[at] && ms > expected[at] - 1000, `${ms} for ${expected[at]}`);
      }
    }
  });

  for (const [what, signal] of [
    ["text", "stop"],
    ["an empty object", {}],
    ["a controller", new AbortController()],
    ["a number", 1],
    ["false", false],
  ]) {
    test(`a signal that is ${what} is an illegal argument`, async () => {
      const fetch = stub(async () => new Response("null"));
      const error = await fails(remove({ endpoint: host.origins[1] }, { fetch, signal }), {
        kind: "invalid_argument",
        outcome: "not_sent",
      });
      assert.include(
        error.issues.map(({ field }) => field),
        "signal",
      );
      assert.lengthOf(fetch.calls, 0);
    });
  }

  test("a signal of null or undefined is none", async () => {
    for (const signal of [null, undefined])
      await succeeds(remove({ endpoint: host.origins[1] }, { fetch: stub(async () => new Response("null")), signal }));
  });

  test("one signal may end many calls at once", async () => {
    const controller = new AbortController();
    const fetch = stub(never);
    const calls = Array.from({ length: 50 }, () =>
      create({ endpoint: host.origins[1] }, { fetch, signal: controller.signal }),
    );
    for (const call of calls) call.catch(() => {});
    while (fetch.calls.length < 50) await task();
    controller.abort();
    for (const call of calls) await fails(call, { kind: "aborted", outcome: "unknown" });
  });

  describe("a load of the module that hangs", () => {
    /** A package whose module does not come until `mend` is called. */
    async function hanging() {
      const original = host.pkg;
      onEnd(() => {
        host.pkg = original;
      });
      const pkg = await host.freshPackage();
      host.pkg = pkg;
      const restores = ["compile", "compileStreaming"]
        .filter((name) => WebAssembly[name])
        .map((name) => patch(WebAssembly, name, never));
      const mend = () => restores.map((restore) => restore());
      const fetch = stub(async () => new Response("null"));
      const options = {
        endpoint: host.origins[1],
        projectId: PROJECT,
        credentialId: CREDENTIAL,
        token: "token",
        fetch,
      };
      return { pkg, mend, fetch, call: (more) => pkg.deleteApiKey({ ...options, ...more }) };
    }

    for (const [what, more, kind] of [
      ["a caller's signal", () => ({ signal: AbortSignal.timeout(50) }), "aborted"],
      ["its timeout", () => ({ timeout: 50 }), "timeout"],
    ]) {
      test(`a call that ${what} ends gives the load up, and the next call loads afresh`, async () => {
        const { call, mend, fetch } = await hanging();
        await fails(call(more()), { kind, outcome: "not_sent" }, fetch);
        assert.lengthOf(fetch.calls, 0);
        mend();
        await succeeds(call({}));
        assert.lengthOf(fetch.calls, 1);
      });
    }

    test("whoever still waits keeps the load that another gave up", async () => {
      const loaded = deferred();
      const { pkg, call, mend } = await hanging();
      const { compile } = WebAssembly;
      assert.strictEqual(compile, never);
      mend();
      const original = WebAssembly.compile;
      let loads = 0;
      patch(WebAssembly, "compile", async (bytes) => {
        loads += 1;
        await loaded.promise;
        return original.call(WebAssembly, bytes);
      });
      const patient = call({});
      const ready = pkg.init();
      await fails(call({ timeout: 50 }), { kind: "timeout", outcome: "not_sent" });
      loaded.resolve();
      await succeeds(patient);
      assert.isUndefined(await ready);
      assert.equal(loads, 1);
    });

    test("an illegal timeout is told before any waiting", async () => {
      for (const timeout of [0, -1, Number.NaN, "1000", null, {}]) {
        const { call, fetch } = await hanging();
        const error = await fails(call({ timeout }), { kind: "invalid_argument", outcome: "not_sent" });
        assert.deepEqual(
          error.issues.map(({ field }) => field),
          ["timeout"],
        );
        assert.lengthOf(fetch.calls, 0);
      }
    });

    test("init settles too, and so does a call without a timeout", async () => {
      const { pkg, call, mend } = await hanging();
      // What takes half a minute happens at once.
      const restore = patch(globalThis, "setTimeout", (run) => platform.setTimeout(run, 0));
      const [told, error] = await Promise.all([
        pkg.init().catch((thrown) => thrown),
        call({ timeout: Infinity }).catch((thrown) => thrown),
      ]);
      restore();
      await fails(Promise.reject(told), { kind: "internal", outcome: "not_sent" });
      await fails(Promise.reject(error), { kind: "internal", outcome: "not_sent" });
      mend();
      assert.isUndefined(await pkg.init());
      await succeeds(call({}));
    });

    test("a load that is given up leaves no timer", async () => {
      const { call } = await hanging();
      const timers = countTimers();
      const controller = new AbortController();
      const pending = call({ signal: controller.signal, timeout: Infinity });
      pending.catch(() => {});
      await task();
      controller.abort();
      await fails(pending, { kind: "aborted", outcome: "not_sent" });
      assert.equal(timers.size, 0);
    });
  });

  describe("between the end of a step and the next", () => {
    /** A body that needs nothing but microtasks. */
    const bodyOf = (...steps) => ({ getReader: () => ({ read: async () => steps.shift()(), cancel() {} }) });
    const piece = (text) => () => ({ value: new TextEncoder().encode(text), done: false });
    const closed = () => ({ done: true });
    const broken = () => {
      throw new TypeError("it broke");
    };
    /** What a call comes to when nobody aborts it: the kind and the cause of its error, the function that is asked, its answer. */
    const COURSES = {
      "a function that gives no token": ["invalid_argument", "(left out: it may quote a secret)", "token", broken],
      "a fetch that rejects": ["network", "it broke", "fetch", broken],
      "an answer that is none": ["unexpected_response", undefined, "fetch", () => 7],
      "a redirect": ["redirect", undefined, "fetch", () => ({ status: 302 })],
      "an error": ["http", undefined, "fetch", () => ({ status: 500, body: bodyOf(piece("{}"), closed) })],
      "an error that breaks off": [
        "http",
        "it broke",
        "fetch",
        () => ({ status: 404, body: bodyOf(piece("{"), broken) }),
      ],
      "a body that breaks off": [
        "unexpected_response",
        "it broke",
        "fetch",
        () => ({ status: 200, body: bodyOf(piece("nu"), broken) }),
      ],
      "a login page": [
        "unexpected_response",
        undefined,
        "fetch",
        () => ({ status: 200, body: bodyOf(piece("<html>"), closed) }),
      ],
      "a confirmation": [undefined, undefined, "fetch", () => ({ status: 200, body: bodyOf(piece("null"), closed) })],
    };
    const MICROTASKS = 60;
    for (const [name, [kind, cause, asked, answer]] of Object.entries(COURSES)) {
      test(`an abort in any microtask after ${name}: it is an abort with its reason, or as if nobody had aborted`, async () => {
        const seen = { aborted: 0, others: 0 };
        for (let after = 0; after < MICROTASKS; after += 1) {
          const controller = new AbortController();
          const abortLater = async () => {
            for (let at = 0; at < after; at += 1) await undefined;
            controller.abort("the reason");
          };
          const asking = async () => {
            abortLater();
            return answer();
          };
          const error = await remove(
            { endpoint: host.origins[1] },
            { signal: controller.signal, fetch: never, [asked]: asking },
          ).then(
            () => undefined,
            (error) => error,
          );
          const isAbort = error?.kind === "aborted";
          seen[isAbort ? "aborted" : "others"] += 1;
          if (isAbort) assert.equal(error.cause, "the reason", `after ${after}`);
          else assert.deepEqual([error?.kind, error?.cause?.message ?? error?.cause], [kind, cause], `after ${after}`);
        }
        assert.isAbove(seen.aborted, 0);
        assert.isAbove(seen.others, 0);
      });
    }
  });

  describe("under timers that are not the platform's", () => {
    const FAKED = [
      "setTimeout",
      "clearTimeout",
      "setInterval",
      "clearInterval",
      "setImmediate",
      "clearImmediate",
      "queueMicrotask",
      "requestAnimationFrame",
      "cancelAnimationFrame",
      "requestIdleCallback",
      "cancelIdleCallback",
    ];

    /** An answer whose body needs no microtask of the global's to end, as that of `new Response("text")` does on Node. */
    const answerOf = (bytes) =>
      new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(bytes);
            controller.close();
          },
        }),
      );
    const NULL = new TextEncoder().encode("null");

    /** Timers and microtasks that never run, as test tools make them; gives what brings the real ones back. */
    function fakeTimers() {
      const restores = FAKED.filter((name) => name in globalThis).map((name) => patch(globalThis, name, () => 1));
      restores.push(patch(globalThis, "performance", { now: () => 0, mark() {}, measure() {} }));
      restores.push(patch(Date, "now", () => 0));
      return () => restores.reverse().map((restore) => restore());
    }

    for (const how of ["cold", "warm"]) {
      test(`faked ones: a call on a stubbed fetch settles, and after the real ones are back the next does: ${how}`, async () => {
        const { bytes } = await keyFile();
        const original = host.pkg;
        onEnd(() => {
          host.pkg = original;
        });
        if (how === "cold") host.pkg = await host.freshPackage();
        const { pkg } = host;
        const answers = [bytes, bytes].map(answerOf);
        const options = { endpoint: host.origins[1], projectId: PROJECT, token: async () => "token" };
        const real = fakeTimers();
        const files = [];
        try {
          for (const answer of answers) files.push(await pkg.createApiKey({ ...options, fetch: async () => answer }));
        } finally {
          real();
        }
        assert.deepEqual(
          files.map(({ size }) => size),
          [bytes.length, bytes.length],
        );
        const fetch = stub(async () => new Response(bytes));
        assert.equal((await pkg.createApiKey({ ...options, fetch })).size, bytes.length);
        await fails(pkg.createApiKey({ ...options, fetch: never, timeout: 50 }), {
          kind: "timeout",
          outcome: "unknown",
        });
      });
    }

    test("faked ones that come back while a call waits: that call settles, and the next does", async () => {
      const answer = deferred();
      const real = fakeTimers();
      const pending = remove({ endpoint: host.origins[1] }, { fetch: () => answer.promise });
      real();
      answer.resolve(answerOf(NULL));
      await succeeds(pending);
      await succeeds(remove({ endpoint: host.origins[1] }, { fetch: stub(async () => new Response("null")) }));
    });

    const late = {
      setTimeout: (run) => platform.setTimeout(run, 0),
      ...(globalThis.setImmediate && { setImmediate: globalThis.setImmediate }),
      "a MessageChannel": (run) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          port1.close();
          run();
        };
        port2.postMessage(0);
      },
    };
    for (const [by, queue] of Object.entries(late)) {
      test(`microtasks that come late, by ${by}: a timeout, an abort and an answer are told apart`, async () => {
        patch(globalThis, "queueMicrotask", queue);
        const original = host.pkg;
        onEnd(() => {
          host.pkg = original;
        });
        host.pkg = await host.freshPackage();
        const { pkg } = host;
        // A call whose time is up while the module loads was not sent.
        await pkg.init();
        const to = { endpoint: host.origins[1], projectId: PROJECT, credentialId: CREDENTIAL, token: "token" };
        const ending = (more) => fails(pkg.deleteApiKey({ ...to, ...more }), { outcome: "unknown" });
        assert.equal((await ending({ fetch: never, timeout: 50 })).kind, "timeout");
        const stalled = async () => new Response(new ReadableStream({ pull: never }));
        assert.equal((await ending({ fetch: stalled, timeout: 50 })).kind, "timeout");
        const controller = new AbortController();
        const aborting = async () => {
          controller.abort("text");
          return answerOf(NULL);
        };
        const error = await ending({ fetch: aborting, signal: controller.signal });
        assert.deepEqual([error.kind, error.cause], ["aborted", "text"]);
        assert.isUndefined(await pkg.deleteApiKey({ ...to, fetch: async () => answerOf(NULL) }));
      });
    }

    test("a polyfilled signal that calls its listener with a text is an abort, and the text its cause", async () => {
      for (const event of ["not wanted", undefined, null, 7, { type: "abort" }]) {
        const listeners = new Set();
        const signal = {
          aborted: false,
          addEventListener: (_, listener) => listeners.add(listener),
          removeEventListener: (_, listener) => listeners.delete(listener),
        };
        const fetch = stub(never);
        const pending = create({ endpoint: host.origins[1] }, { fetch, signal });
        pending.catch(() => {});
        while (fetch.calls.length === 0) await task();
        Object.assign(signal, { aborted: true, reason: "not wanted" });
        for (const listener of [...listeners]) listener(event);
        const error = await fails(pending, { kind: "aborted", outcome: "unknown", call: "create" });
        assert.equal(error.cause, "not wanted");
        assert.equal(listeners.size, 0);
      }
    });
  });
});
