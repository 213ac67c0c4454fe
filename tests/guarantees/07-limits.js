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
  stub,
  bytesOf,
  keyFile,
  fileAnswer,
  never,
} from "./kit.js";
import { zip } from "../support/zip.js";

const MIB = 1024 * 1024;

/** A stream that counts what is taken from it and how it ends. */
function counting(total, { cancel = () => {} } = {}) {
  const seen = { bytes: 0, cancelled: 0 };
  const piece = new Uint8Array(16 * 1024).fill(0x61);
  seen.stream = new ReadableStream(
    {
      pull(controller) {
        if (seen.bytes >= total) return controller.close();
        seen.bytes += piece.length;
        controller.enqueue(piece);
      },
      cancel() {
        seen.cancelled += 1;
        return cancel();
      },
    },
    { highWaterMark: 0 },
  );
  return seen;
}

const sized = async (total) => {
  const empty = await zip([{ name: "credential.csv", data: "" }]);
  return zip([{ name: "credential.csv", data: new Uint8Array(total - empty.length).fill(0x61) }]);
};

describe("7. Limits", () => {
  test("a key file of exactly 1 MiB is taken, and one byte more is refused", async () => {
    const [fits, over] = [await sized(MIB), await sized(MIB + 1)];
    assert.equal(fits.length, MIB);
    assert.equal((await succeeds(create(await scenario(fileAnswer(fits))))).size, MIB);
    await fails(create(await scenario(fileAnswer(over))), {
      kind: "unexpected_response",
      outcome: "unknown",
      call: "create",
    });
  });

  test("maxFileBytes sets another limit, exact to the byte", async () => {
    const { bytes } = await keyFile();
    const server = await scenario(fileAnswer(bytes));
    await succeeds(create(server, { maxFileBytes: bytes.length }));
    const error = await fails(create(server, { maxFileBytes: bytes.length - 1 }), {
      kind: "unexpected_response",
      outcome: "unknown",
      call: "create",
    });
    assert.include(error.message, "more than maxFileBytes bytes");
    const large = await sized(2 * MIB);
    assert.equal((await succeeds(create(await scenario(fileAnswer(large)), { maxFileBytes: 2 * MIB }))).size, 2 * MIB);
  });

  for (const name of ["maxFileBytes", "maxErrorBytes"]) {
    for (const value of [0.5, -1, NaN, "100", null, {}, 1n]) {
      test(`${name} of ${typeof value} ${String(value)} is an illegal argument`, async () => {
        const fetch = stub(() => new Response("null"));
        const error = await fails(create({ endpoint: host.origins[1] }, { fetch, [name]: value }), {
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

  for (const [what, status, limit, kind] of [
    ["success", 200, MIB, "unexpected_response"],
    ["error", 500, 64 * 1024, "http"],
  ]) {
    test(`an endless body of a ${what} is cut off while it streams`, async () => {
      const body = counting(Infinity);
      const fetch = stub(async () => new Response(body.stream, { status }));
      await fails(create({ endpoint: host.origins[1] }, { fetch }), { kind, outcome: "unknown", call: "create" });
      assert.isAtMost(body.bytes, limit + 2 * 16 * 1024, "bytes taken");
      assert.equal(body.cancelled, 1, "the stream is cancelled");
    });

    test(`an endless body of a ${what} over a real connection is cut off, and the connection ends`, async () => {
      for (const [name, call] of CALLS) {
        const server = await scenario({ status, body: "x".repeat(8192), endless: true });
        await fails(call(server), { kind, outcome: "unknown", call: name });
        await server.wait({ abandoned: 1 });
      }
    });

    for (const [how, cancel] of Object.entries({
      "never settles": never,
      throws: () => {
        throw new Error("no");
      },
      rejects: () => Promise.reject(new Error("no")),
    })) {
      test(`a body of a ${what} whose cancelling ${how} settles all the same`, async () => {
        const body = counting(Infinity, { cancel });
        await fails(
          create(
            { endpoint: host.origins[1] },
            { fetch: stub(async () => new Response(body.stream, { status })), timeout: Infinity },
          ),
          { kind, outcome: "unknown", call: "create" },
        );
      });
    }
  }

  /** A response of a fetch whose bodies are no web streams: pieces come by async iteration. */
  function iterated(pieces, seen, status = 200) {
    const body = {
      async *[Symbol.asyncIterator]() {
        try {
          for await (const piece of pieces) {
            seen.bytes += piece.length;
            yield piece;
          }
        } finally {
          seen.ended += 1;
        }
      },
    };
    return { status, headers: { get: () => null }, body };
  }

  async function* endless() {
    for (;;) yield new Uint8Array(16 * 1024).fill(0x61);
  }

  for (const [status, expected] of [
    [200, { kind: "unexpected_response", outcome: "unknown" }],
    [500, { kind: "http", outcome: "unknown" }],
  ]) {
    test(`an endless body of a ${status} that is no web stream is cut off, and let go of`, async () => {
      for (const call of [create, remove]) {
        const seen = { bytes: 0, ended: 0 };
        const fetch = stub(async () => iterated(endless(), seen, status));
        await fails(call({ endpoint: host.origins[1] }, { fetch }), expected);
        assert.isAtMost(seen.bytes, MIB + 64 * 1024);
        assert.equal(seen.ended, 1);
      }
    });
  }

  test("a body that is no web stream and breaks off leaves its bytes in error.file", async () => {
    const { bytes } = await keyFile();
    async function* pieces() {
      yield bytes.slice(0, 50);
      yield bytes.slice(50, 100);
      throw new Error("gone");
    }
    const fetch = stub(async () => iterated(pieces(), { bytes: 0, ended: 0 }));
    const { file } = await fails(create({ endpoint: host.origins[1] }, { fetch }), {
      kind: "unexpected_response",
      outcome: "unknown",
      call: "create",
    });
    assert.deepEqual([...(await bytesOf(file))], [...bytes.slice(0, 100)]);
  });

  test("one piece larger than the limit is refused", async () => {
    const fetch = stub(async () => new Response(new Uint8Array(5 * MIB)));
    await fails(create({ endpoint: host.origins[1] }, { fetch }), {
      kind: "unexpected_response",
      outcome: "unknown",
      call: "create",
    });
  });

  test("a small answer that unpacks to a huge one is cut off", async () => {
    for (const [status, kind] of [
      [200, "unexpected_response"],
      [500, "http"],
    ]) {
      const server = await scenario({ status, body: "x".repeat(8 * MIB), encoding: "gzip" });
      await fails(create(server), { kind, outcome: "unknown", call: "create" });
    }
  });

  test("an error body within 64 KiB is read to its end, and one beyond tells what is certain", async () => {
    const filler = (size) => `{"padding":"${"x".repeat(size)}","code":400,"error_code":"BCS.03400001"}`;
    const fits = filler(64 * 1024 - filler(0).length);
    const read = await fails(create(await scenario({ status: 400, body: fits })), {
      kind: "http",
      outcome: "rejected",
    });
    assert.equal(read.errorCode, "BCS.03400001");
    const cut = await fails(create(await scenario({ status: 400, body: filler(64 * 1024) })), {
      kind: "http",
      outcome: "rejected",
    });
    assert.equal(cut.status, 400);
    assert.isUndefined(cut.errorCode);
  });

  test("maxErrorBytes sets another limit", async () => {
    const body = '{"code":400,"error_code":"BCS.03400001","error_msg":"Invalid request.","message":"x"}';
    const server = await scenario({ status: 400, body });
    assert.equal(
      (await fails(create(server, { maxErrorBytes: body.length }), { kind: "http" })).errorCode,
      "BCS.03400001",
    );
    assert.isUndefined((await fails(create(server, { maxErrorBytes: body.length - 1 }), { kind: "http" })).errorCode);
  });

  for (const [what, make] of Object.entries({
    "longest fields": (long) =>
      JSON.stringify({ code: long, error_code: long, error_msg: long, message: long, request_id: long }),
    "longest fields of letters outside ASCII": (long) =>
      JSON.stringify({
        code: 400,
        error_code: "x",
        error_msg: long.replaceAll("m", "\u{1f511}"),
        message: "漢".repeat(5000),
      }),
    HTML: (long) => `<html>${long}</html>`,
    "IAM's shape": (long) => JSON.stringify({ error: { code: 400, message: long, title: long } }),
    "line breaks and control characters": () =>
      JSON.stringify({
        code: 400,
        error_code: "a\nb",
        error_msg: "\u001b[31mred\r\n\u0000",
        message: "\u202e\u2028".repeat(100),
      }),
  })) {
    test(`the message stays under 500 characters and in one piece: ${what}`, async () => {
      const body = make("m".repeat(12_000));
      for (const status of [400, 500]) {
        for (const [name, call] of CALLS) {
          const error = await fails(
            call(await scenario({ status, body, headers: { "X-Request-Id": "r".repeat(4000) } })),
            { kind: "http", call: name },
          );
          assert.isTrue(error.message.isWellFormed?.() ?? true, "a character cut in two");
          assert.notMatch(error.message, /[\0-\x1f\x7f-\x9f]/, "control characters");
        }
      }
    });
  }

  test("the message stays under 500 characters with many and long problems in the options", async () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`unknown${n}${"x".repeat(100)}`, n]));
    const error = await fails(
      remove({ endpoint: "x".repeat(10_000) }, { ...many, projectId: "y".repeat(10_000), timeout: "z".repeat(10_000) }),
      { kind: "invalid_argument", outcome: "not_sent" },
    );
    assert.isAtLeast(error.issues.length, 300);
  });

  test("a file that comes in 100,000 pieces arrives", async () => {
    const bytes = await sized(100_000);
    let at = 0;
    const stream = new ReadableStream({
      pull(controller) {
        if (at === bytes.length) controller.close();
        else controller.enqueue(bytes.slice(at, ++at));
      },
    });
    const file = await succeeds(
      create({ endpoint: host.origins[1] }, { fetch: stub(async () => new Response(stream)) }),
    );
    assert.deepEqual((await bytesOf(file)).length, bytes.length);
  });
});
