import {
  assert,
  host,
  platform,
  task,
  test,
  scenario,
  fails,
  succeeds,
  remove,
  stub,
  patch,
  secretToken,
  counted,
  DEADLINE,
  onEnd,
} from "./kit.js";

const BUSY = { status: 503, headers: { "Retry-After": "0" }, body: "{}" };
const DONE = { body: "null" };
const count = async (server) => (await server.log()).requests.filter(({ method }) => method === "DELETE").length;

/** Runs timers at once and keeps what they were set to. Only for calls without a deadline, which would be over at once. */
function hurryTimers() {
  const delays = [];
  patch(globalThis, "setTimeout", (run, ms, ...rest) => {
    delays.push(ms);
    return platform.setTimeout(run, 0, ...rest);
  });
  return delays;
}

/** A fetch that answers with these, in turn; the last one stays. */
const answers = (...list) => {
  let at = 0;
  return stub(async () => {
    const make = list[Math.min(at++, list.length - 1)];
    return typeof make === "function" ? make() : new Response(make.status === 204 ? null : (make.body ?? "{}"), make);
  });
};
const where = () => ({ endpoint: host.origins[1] });

describe("9. Delete may be repeated", () => {
  for (const status of [429, 502, 503, 504]) {
    test(`not by default: a ${status} is one DELETE`, async () => {
      const server = await scenario([{ status, headers: { "Retry-After": "0" } }, DONE]);
      await fails(remove(server), { kind: "http", outcome: status === 429 ? "rejected" : "unknown" });
      assert.equal(await count(server), 1);
    });

    test(`after a ${status} as often as \`retries\` says`, async () => {
      const server = await scenario([
        { status, headers: { "Retry-After": "0" } },
        { status, headers: { "Retry-After": "0" } },
        DONE,
      ]);
      await succeeds(remove(server, { retries: 2 }));
      assert.equal(await count(server), 3);
      const never = await scenario({ status, headers: { "Retry-After": "0" } });
      const error = await fails(remove(never, { retries: 2 }), { kind: "http" });
      assert.equal(error.status, status);
      assert.equal(await count(never), 3);
    });
  }

  for (const [what, stop] of Object.entries({
    "a reset": { at: "status", how: "reset" },
    "a close": { at: "status", how: "close" },
  })) {
    test(`after ${what}, if \`retries\` says so`, async () => {
      const server = await scenario([{ stop }, DONE]);
      await succeeds(remove(server, { retries: 1 }));
      assert.equal(await count(server), 2);
      const alone = await scenario([{ stop }, DONE]);
      await fails(remove(alone), { kind: "network", outcome: "unknown" });
      assert.equal(await count(alone), 1);
    });
  }

  for (const status of [400, 401, 403, 404, 405, 409, 500, 501, 505, 302, 200]) {
    test(`not after a ${status}, whatever \`retries\` says`, async () => {
      const server = await scenario([{ status, body: "<p>", headers: { "Retry-After": "0", Location: "/" } }, DONE]);
      await fails(remove(server, { retries: 3 }), {});
      assert.equal(await count(server), 1);
    });
  }

  test("a 404 after a retried attempt counts as done", async () => {
    for (const first of [BUSY, { stop: { at: "status", how: "reset" } }]) {
      const server = await scenario([first, { status: 404, body: '{"code":404}' }]);
      assert.isUndefined(await succeeds(remove(server, { retries: 1 })));
      assert.equal(await count(server), 2);
    }
  });

  for (const [what, before] of Object.entries({
    "a 429": [429],
    "two of 429": [429, 429],
    "a 429 and a 401": [429, 401],
  })) {
    test(`a 404 after ${what} alone is an error: none of them deleted anything`, async () => {
      const answers = before.map((status) => ({ status, headers: { "Retry-After": "0" }, body: "{}" }));
      const server = await scenario([...answers, { status: 404, body: '{"code":404}' }]);
      const error = await fails(remove(server, { retries: 3, token: () => secretToken() }), {
        kind: "http",
        outcome: "rejected",
      });
      assert.equal(error.status, 404);
      assert.equal(await count(server), before.length + 1);
    });
  }

  test("a 404 after a 429 and a 503 counts as done: the 503 may have deleted it", async () => {
    const busy = { status: 429, headers: { "Retry-After": "0" }, body: "{}" };
    const server = await scenario([busy, BUSY, busy, { status: 404, body: "{}" }]);
    assert.isUndefined(await succeeds(remove(server, { retries: 3 })));
  });

  test("a 404 on the first attempt is an error, with retries too", async () => {
    for (const retries of [0, 3]) {
      const server = await scenario({ status: 404, body: '{"code":404}' });
      await fails(remove(server, { retries }), { kind: "http", outcome: "rejected" });
      assert.equal(await count(server), 1);
    }
  });

  test("a 404 after a 401 alone is an error: nothing was deleted before", async () => {
    const server = await scenario([{ status: 401 }, { status: 404 }]);
    await fails(remove(server, { retries: 1, token: () => secretToken() }), { kind: "http", outcome: "rejected" });
    assert.equal(await count(server), 2);
  });

  for (const [what, last, kind] of [
    ["a 400", { status: 400, body: "{}" }, "http"],
    ["a 403", { status: 403, body: "{}" }, "http"],
    ["a 401", { status: 401, body: "{}" }, "http"],
  ]) {
    test(`${what} after a 503 is unknown: the attempt before may have been done`, async () => {
      const server = await scenario([BUSY, last]);
      await fails(remove(server, { retries: 1 }), { kind, outcome: "unknown" });
    });
  }

  test("a provider that throws after a 503 is unknown: the attempt before may have been done", async () => {
    const server = await scenario(BUSY);
    let calls = 0;
    const token = () => {
      calls += 1;
      if (calls > 1) throw new Error("no more");
      return secretToken();
    };
    await fails(remove(server, { retries: 1, token }), { outcome: "unknown" });
    assert.equal(await count(server), 1);
  });

  test("a refused connection after a 503 is unknown: the attempt before may have been done", async () => {
    const refused = () => {
      throw new TypeError("fetch failed", { cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }) });
    };
    const fetch = answers({ status: 503 }, refused);
    hurryTimers();
    await fails(remove(where(), { fetch, retries: 1, timeout: Infinity }), { kind: "network", outcome: "unknown" });
    assert.lengthOf(fetch.calls, 2);
  });

  test("a 403 after a 429 is rejected: both said that nothing was done", async () => {
    hurryTimers();
    await fails(remove(where(), { fetch: answers({ status: 429 }, { status: 403 }), retries: 1, timeout: Infinity }), {
      kind: "http",
      outcome: "rejected",
    });
  });

  for (const retries of [-1, 0.5, NaN, "1", null, {}, 1n, true]) {
    test(`\`retries\` of ${typeof retries} ${String(retries)} is an illegal argument`, async () => {
      const fetch = stub(async () => new Response("null"));
      const error = await fails(remove(where(), { fetch, retries }), { kind: "invalid_argument", outcome: "not_sent" });
      assert.include(
        error.issues.map(({ field }) => field),
        "retries",
      );
      assert.lengthOf(fetch.calls, 0);
    });
  }

  test("a wait keeps to Retry-After in seconds and as a date", async () => {
    for (const [value, least] of [
      ["2", 2000],
      ["1", 1000],
      [new Date(Date.now() + 4000).toUTCString(), 1000],
    ]) {
      const delays = hurryTimers();
      await succeeds(
        remove(where(), {
          fetch: answers({ status: 503, headers: { "Retry-After": value } }, DONE),
          retries: 1,
          timeout: Infinity,
        }),
      );
      assert.isAtLeast(Math.max(...delays), least, `the wait for Retry-After: ${value}`);
    }
  });

  test("a Retry-After in the form of asctime is in UTC, wherever the host is", async () => {
    const zone = globalThis.process?.env.TZ;
    const inZone = (name) => {
      if (name === undefined) delete process.env.TZ;
      else process.env.TZ = name;
    };
    onEnd(() => host.page || inZone(zone));
    for (const name of host.page ? [undefined] : ["Asia/Tokyo", "America/New_York", "UTC"]) {
      if (!host.page) inZone(name);
      const [day, date, month, year, time] = new Date(Date.now() + 20_000).toUTCString().replace(",", "").split(" ");
      const value = `${day} ${month} ${date.replace(/^0/, " ")} ${time} ${year}`;
      const delays = hurryTimers();
      const fetch = answers({ status: 503, headers: { "Retry-After": value } }, DONE);
      await succeeds(remove(where(), { fetch, retries: 1, timeout: Infinity }));
      assert.isAtLeast(Math.max(...delays), 10_000, `the wait in ${name}`);
      assert.isAtMost(Math.max(...delays), 20_000, `the wait in ${name}`);
    }
  });

  for (const [what, jump] of Object.entries({ "an hour ahead": 3_600_000, "an hour back": -3_600_000 })) {
    test(`a clock that is set ${what} while a call runs leaves its deadline where it was`, async () => {
      const { now } = Date;
      const fetch = answers(() => {
        patch(Date, "now", () => now() + jump);
        return new Response("{}", { status: 503 });
      }, DONE);
      await succeeds(remove(where(), { fetch, retries: 1, timeout: 20_000 }));
      assert.lengthOf(fetch.calls, 2);
    });
  }

  test("after a clock was set back no wait goes beyond the deadline", async () => {
    const { now } = Date;
    const fetch = answers(() => {
      patch(Date, "now", () => now() - 3_600_000);
      return new Response("{}", { status: 503, headers: { "Retry-After": "30" } });
    }, DONE);
    await fails(remove(where(), { fetch, retries: 1, timeout: 20_000 }), { kind: "http", outcome: "unknown" });
    assert.lengthOf(fetch.calls, 1);
  });

  for (const value of [
    "4294968",
    "4294967296",
    "2147484",
    "99999999999999999999999999",
    "1e9",
    "-1",
    "-99999999999",
    "0x10",
    "NaN",
    "Infinity",
    "",
    " ",
    "1.5",
    "1, 2",
    "soon",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Wed, 21 Oct 2015 07:28:00 GMT",
    "2015-10-21",
    "Mon, 99 Foo 2026",
    "١٢",
  ]) {
    test(`a wait is sane and the call settles under Retry-After: ${JSON.stringify(value)}`, async () => {
      const delays = hurryTimers();
      const headers = { get: (name) => (name.toLowerCase() === "retry-after" ? value : null) };
      let calls = 0;
      const fetch = stub(async () => {
        calls += 1;
        if (calls > 1) return new Response("null");
        const response = new Response("{}", { status: 503 });
        Object.defineProperty(response, "headers", { value: headers });
        return response;
      });
      await remove(where(), { fetch, retries: 1, timeout: Infinity }).catch((error) =>
        assert.equal(error.kind, "http"),
      );
      for (const ms of delays) assert.isTrue(Number.isFinite(ms) && ms >= 0 && ms <= 2 ** 31 - 1, `a wait of ${ms}`);
      // Asked to stay away for weeks, it must not be back in an instant.
      if (/^\d{7,10}$/.test(value) && calls > 1) assert.isAtLeast(Math.max(...delays), 1000, "the wait");
    });
  }

  test("a Retry-After beyond the deadline does not outlive it, nor is the call sent again at once", async () => {
    for (const value of ["4294968", "3600", "20"]) {
      const server = await scenario([{ status: 503, headers: { "Retry-After": value } }, DONE]);
      await fails(remove(server, { retries: 3, timeout: DEADLINE }), { kind: "http", outcome: "unknown" });
      assert.equal(await count(server), 1);
    }
  });

  test("waits vary with full jitter and stay bounded", async () => {
    const waits = [];
    for (let run = 0; run < 4; run += 1) {
      const delays = hurryTimers();
      await fails(remove(where(), { fetch: answers({ status: 503 }), retries: 10, timeout: Infinity }), {
        kind: "http",
      });
      assert.lengthOf(delays, 10);
      waits.push(delays);
    }
    const all = waits.flat();
    assert.isTrue(
      all.every((ms) => ms >= 0 && ms <= 10 * 60_000),
      `waits of ${all}`,
    );
    assert.isAbove(new Set(all).size, 10, "waits that differ");
    // Full jitter starts at zero: half of the largest bound or more would be no full jitter.
    const last = waits.flatMap((delays) => delays.slice(-6));
    assert.isBelow(Math.min(...last), Math.max(...all) * 0.75);
  });

  test("the bound of a wait doubles from 200 ms to 10 s", async () => {
    patch(Math, "random", () => 0.5);
    const delays = hurryTimers();
    await fails(remove(where(), { fetch: answers({ status: 503 }), retries: 8, timeout: Infinity }), { kind: "http" });
    assert.deepEqual(delays, [100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  test("all attempts share the one deadline", async () => {
    const server = await scenario([BUSY, { stop: { at: "status", how: "stall" } }]);
    await fails(remove(server, { retries: 5, timeout: DEADLINE }), { kind: "timeout", outcome: "unknown" });
    assert.equal(await count(server), 2);
  });

  test("a timeout is not tried again", async () => {
    const server = await scenario([{ stop: { at: "status", how: "stall" } }, DONE]);
    await fails(remove(server, { retries: 5, timeout: DEADLINE }), { kind: "timeout", outcome: "unknown" });
    assert.equal(await count(server), 1);
  });

  test("an abort while it waits ends the wait: aborted/unknown, and nothing more is sent", async () => {
    const controller = new AbortController();
    const server = await scenario([{ status: 503, headers: { "Retry-After": "20" } }, DONE]);
    const fetch = counted();
    const pending = remove(server, { fetch, retries: 5, signal: controller.signal, timeout: 60_000 });
    pending.catch(() => {});
    await server.wait({ requests: 1 });
    await new Promise((resolve) => platform.setTimeout(resolve, 100));
    controller.abort();
    await fails(pending, { kind: "aborted", outcome: "unknown" });
    assert.equal(await count(server), 1);
  });

  test("no listener is left by repeated attempts", async () => {
    const controller = new AbortController();
    let open = 0;
    const { addEventListener, removeEventListener } = controller.signal;
    controller.signal.addEventListener = function (...args) {
      open += 1;
      return Reflect.apply(addEventListener, this, args);
    };
    controller.signal.removeEventListener = function (...args) {
      open -= 1;
      return Reflect.apply(removeEventListener, this, args);
    };
    const server = await scenario([BUSY, BUSY, DONE]);
    await succeeds(remove(server, { retries: 3, signal: controller.signal }));
    assert.equal(open, 0);
  });

  test("the bodies of answers that are given up are cancelled or read", async () => {
    let cancelled = false;
    hurryTimers();
    const busy = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            controller.enqueue(new Uint8Array(9000));
          },
          cancel() {
            cancelled = true;
          },
        }),
        { status: 503 },
      );
    await succeeds(remove(where(), { fetch: answers(busy, DONE), retries: 1, timeout: Infinity }));
    assert.isTrue(cancelled);
  });

  test("after the deadline no attempt follows", async () => {
    const server = await scenario([{ status: 503, headers: { "Retry-After": "1" } }, DONE]);
    await fails(remove(server, { retries: 3, timeout: 400 }), { kind: ["timeout", "http"] });
    await new Promise((resolve) => platform.setTimeout(resolve, 1200));
    await task();
    assert.equal(await count(server), 1);
  });
});
